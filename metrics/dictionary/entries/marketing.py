"""Marketing: what is spent and what stands against it."""

from metrics.dictionary.entry import MetricData

MARKETING = (
    MetricData(
        code="ad_spend",
        department="marketing",
        is_key=True,
        name_en="Advertising spend (billed)",
        name_zh="广告费（账单口径）",
        formula="-ad_cost",
        unit="money",
        decimals=2,
        direction="context",
        clock="billed",
        tax_base="as_billed",
        definition_en="Advertising that the marketplace billed in the period, as a positive amount.",
        definition_zh="期间内平台开账的广告费，以正数表示。",
        pin_down_en=(
            "By the day of the bill, not of the click; the advertising console shows other "
            "amounts for the same month. Campaigns for tests are inside."
        ),
        pin_down_zh="按账单日而非点击日归属；广告后台同月金额会有出入。测试活动的花费也在其中。",
    ),
    MetricData(
        code="tacos",
        department="marketing",
        is_key=True,
        name_en="Total advertising cost of sales (TACoS)",
        name_zh="TACoS 总广告占比",
        formula="-ad_cost / product_sales",
        unit="percent",
        decimals=2,
        direction="down",
        clock="billed",
        definition_en="Advertising billed as a share of all settled product sales, advertised or not.",
        definition_zh="广告账单占全部结算销售额的比例，不论是否由广告带来。",
        pin_down_en=(
            "Bill day above, settlement day below the line. Not ACoS, which divides by advertised sales only."
        ),
        pin_down_zh="分子按账单日，分母按结算日。它不是 ACoS，ACoS 只除以广告带来的销售额。",
    ),
    MetricData(
        code="channel_cost",
        department="marketing",
        name_en="Marketing spend on the platform",
        name_zh="渠道营销投入（平台内）",
        formula="-ad_cost - promotion_fees",
        unit="money",
        decimals=2,
        direction="context",
        clock="billed",
        tax_base="as_billed",
        definition_en="Advertising plus what the marketplace charges for coupons, deals and Vine.",
        definition_zh="广告费加平台就优惠券、秒杀和 Vine 收取的费用。",
        pin_down_en=(
            "Social media, creators and staff are not in it until their costs are handed in. "
            "Discounts are not in it: they lower revenue."
        ),
        pin_down_zh="社媒、达人和人员成本在录入前不包含。折扣本身不算投入，它减少的是收入。",
    ),
    MetricData(
        code="mkt_roi",
        department="marketing",
        name_en="Sales per marketing spend",
        name_zh="投入产出比（销售额/投入）",
        formula="product_sales / (-ad_cost - promotion_fees)",
        unit="ratio",
        decimals=2,
        direction="up",
        clock="billed",
        definition_en=(
            "Settled product sales for each unit of money spent on advertising, coupons, deals and Vine."
        ),
        definition_zh="每投入一元广告、优惠券、秒杀和 Vine 费用所对应的结算销售额。",
        pin_down_en=(
            "Sales divided by cost, not profit by cost and not the other way round. All sales "
            "count, not only advertised ones."
        ),
        pin_down_zh="取销售额除以投入，不是利润除以投入，也不是其倒数。分子为全部销售额，不限广告带来的部分。",
    ),
    MetricData(
        code="ad_cost_per_order",
        department="marketing",
        name_en="Advertising per order",
        name_zh="单均广告费",
        formula="-ad_cost / orders",
        unit="money",
        decimals=2,
        direction="down",
        clock="billed",
        tax_base="as_billed",
        definition_en="Advertising billed, divided by all orders settled in the period.",
        definition_zh="广告账单除以期间内全部结算订单。",
        pin_down_en="All orders, so it is lower than the cost of an order won by advertising.",
        pin_down_zh="分母为全部订单，因此低于广告单的获单成本。",
    ),
)
