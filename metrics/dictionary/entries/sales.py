"""Sales: what is sold, in how many orders, at what price, with which promotions."""

from metrics.dictionary.entry import MetricData

SALES = (
    MetricData(
        code="sales_settled",
        department="sales",
        is_key=True,
        name_en="Settled product sales",
        name_zh="销售额（结算口径）",
        formula="product_sales",
        unit="money",
        decimals=2,
        direction="up",
        definition_en=(
            "Price times quantity of the orders that were settled in the period: before "
            "promotions, without tax and shipping, refunds not taken off."
        ),
        definition_zh="期间内已结算订单的单价乘以数量：未扣促销、不含税和运费，也未扣除退款。",
        pin_down_en=(
            "A sale belongs to the day it was posted, not ordered; later orders of a month may be "
            "settled in the next. Days end at midnight of the marketplace. Do not compare it with "
            "ordered sales or with net revenue."
        ),
        pin_down_zh="按结算入账日归属，而非下单日；月末订单可能次月才结算。以站点当地零点为日界。不可与下单销售额或净销售额混比。",
    ),
    MetricData(
        code="sales_net",
        department="sales",
        is_key=True,
        name_en="Net revenue",
        name_zh="净销售额",
        formula=(
            "product_sales + shipping_credits + giftwrap_credits + promo_rebates + refund_sales + "
            "refund_shipping_credits + refund_giftwrap_credits + refund_promo_rebates"
        ),
        unit="money",
        decimals=2,
        direction="up",
        definition_en=(
            "Product sales, shipping and gift wrap paid by buyers, less promotions and less "
            "refunds; without tax."
        ),
        definition_zh="商品销售额加买家支付的运费和礼品包装费，减去促销折扣和退款；不含税。",
        pin_down_en=(
            "Shipping income and promotions are inside. A refund counts in the period of the "
            "refund, not of the order. Fees of the marketplace are not taken off: see net "
            "proceeds."
        ),
        pin_down_zh="含运费收入，已扣促销。退款计入退款发生的期间，而非原订单期间。未扣平台费用，扣费后请看“平台净收入”。",
    ),
    MetricData(
        code="sales_growth",
        department="sales",
        name_en="Sales growth on the period before",
        name_zh="销售额环比增长率",
        formula="growth(product_sales)",
        unit="percent",
        decimals=1,
        direction="up",
        definition_en="Change of settled product sales against the day, week, month, quarter or year before.",
        definition_zh="结算销售额相对上一日、周、月、季或年的变化。",
        pin_down_en=(
            "Only complete periods are compared; no value when the base is missing, zero or "
            "negative. Days and weeks are not adjusted for holidays."
        ),
        pin_down_zh="只比较数据完整的期间；基期缺失、为零或为负时不给数值。日、周不做节假日调整。",
    ),
    MetricData(
        code="sales_growth_year",
        department="sales",
        name_en="Sales growth on the year before",
        name_zh="销售额同比增长率",
        formula="growth_year(product_sales)",
        unit="percent",
        decimals=1,
        direction="up",
        definition_en="Change of settled product sales against the same period a year before.",
        definition_zh="结算销售额相对去年同期的变化。",
        pin_down_en=(
            "Days and weeks are compared with those 364 days before, so that weekdays match. No "
            "value when the base is missing, zero or negative."
        ),
        pin_down_zh="日、周与 364 天前相比，使星期几对齐。基期缺失、为零或为负时不给数值。",
    ),
    MetricData(
        code="orders",
        department="sales",
        is_key=True,
        name_en="Orders",
        name_zh="订单量",
        formula="orders",
        unit="count",
        direction="up",
        tax_base="none",
        definition_en="Different order numbers settled in the period.",
        definition_zh="期间内结算的不重复订单号数量。",
        pin_down_en=(
            "An order is neither an order line nor a piece. It counts on the day of its first "
            "line in the report; an order whose lines fall into two reports counts in both. "
            "Cancelled orders are never settled and so are not here."
        ),
        pin_down_zh="订单不等于订单行，也不等于件数。按报告内首行所在日计一次；跨两份报告的订单在两份中各计一次。取消的订单不会结算，因此不在其中。",
    ),
    MetricData(
        code="order_growth",
        department="sales",
        name_en="Order growth on the period before",
        name_zh="订单量环比增长率",
        formula="growth(orders)",
        unit="percent",
        decimals=1,
        direction="up",
        tax_base="none",
        definition_en="Change of the number of orders against the period before.",
        definition_zh="订单量相对上一期间的变化。",
        pin_down_en="Calendar weeks run from Monday to Sunday; only complete periods are compared.",
        pin_down_zh="周按周一至周日的自然周计；只比较数据完整的期间。",
    ),
    MetricData(
        code="order_growth_7d",
        department="sales",
        name_en="Order growth, last 7 days",
        name_zh="近7天订单增长率",
        formula="growth_7d(orders)",
        unit="percent",
        decimals=1,
        direction="up",
        tax_base="none",
        definition_en="Orders of the last seven days of the period against the seven days before them.",
        definition_zh="期间最后七天的订单量相对其前七天的变化。",
        pin_down_en="By the day of settlement; both weeks must be covered by reports. It moves with the days on "
        "which the platform settles.",
        pin_down_zh="按结算入账日计；两个七天都须有报告覆盖。会受平台结算日影响。",
    ),
    MetricData(
        code="units",
        department="sales",
        is_key=True,
        name_en="Units sold",
        name_zh="销量（件）",
        formula="units",
        unit="count",
        direction="up",
        tax_base="none",
        definition_en="Pieces on the orders settled in the period.",
        definition_zh="期间内结算订单的商品件数。",
        pin_down_en="A multipack is one piece. Refunded pieces are not taken off.",
        pin_down_zh="多件装按一件计。退款件数不扣除。",
    ),
    MetricData(
        code="aov",
        department="sales",
        is_key=True,
        name_en="Average order value",
        name_zh="客单价",
        formula="(product_sales + shipping_credits + promo_rebates) / orders",
        unit="money",
        decimals=2,
        direction="up",
        definition_en=(
            "What an order brings on average: product sales and shipping, less promotions, per "
            "order; without tax."
        ),
        definition_zh="平均每个订单的收入：商品销售额加运费、减促销后除以订单量；不含税。",
        pin_down_en=(
            "With shipping and after promotions; per order, not per customer and not per order "
            "line. The figure without shipping and before promotions is a metric of its own."
        ),
        pin_down_zh="含运费、扣促销；按订单计，不按客户也不按订单行。不含运费、未扣促销的口径是另一个指标。",
    ),
    MetricData(
        code="aov_ex_shipping",
        department="sales",
        name_en="Average order value, products only",
        name_zh="客单价（不含运费）",
        formula="product_sales / orders",
        unit="money",
        decimals=2,
        direction="up",
        definition_en="Product sales per order: without shipping, before promotions, without tax.",
        definition_zh="每个订单的商品销售额：不含运费、未扣促销、不含税。",
        pin_down_en="Stands beside the average order value so that both readings have a name.",
        pin_down_zh="与“客单价”并列，使两种口径各有其名。",
    ),
    MetricData(
        code="asp",
        department="sales",
        name_en="Average selling price",
        name_zh="平均售价",
        formula="product_sales / units",
        unit="money",
        decimals=2,
        direction="context",
        definition_en="Product sales per piece sold, before promotions, without tax.",
        definition_zh="每件商品的销售额，未扣促销、不含税。",
        pin_down_en=(
            "The price on the order before coupons. It moves with the mix of products as well as with prices."
        ),
        pin_down_zh="取订单上未扣优惠券的价格。既受价格影响，也受产品结构影响。",
    ),
    MetricData(
        code="net_price",
        department="sales",
        name_en="Average price after promotions",
        name_zh="促销后均价",
        formula="(product_sales + promo_rebates) / units",
        unit="money",
        decimals=2,
        direction="context",
        definition_en="Product sales less promotional rebates, per piece sold.",
        definition_zh="商品销售额减促销折扣后，每件的金额。",
        pin_down_en=(
            "Rebates on shipping are inside the rebates, because the report does not tell them apart."
        ),
        pin_down_zh="报告未区分商品与运费折扣，因此运费折扣也计入其中。",
    ),
    MetricData(
        code="units_per_order",
        department="sales",
        name_en="Units per order",
        name_zh="单均件数",
        formula="units / orders",
        unit="ratio",
        decimals=2,
        direction="up",
        tax_base="none",
        definition_en="Pieces per order.",
        definition_zh="平均每个订单的件数。",
    ),
    MetricData(
        code="shop_month_sales",
        department="sales",
        name_en="Sales per shop and month",
        name_zh="单店铺月销售额",
        formula="product_sales / shop_months",
        unit="money",
        decimals=2,
        direction="up",
        definition_en="Settled product sales divided by the number of shops and of months.",
        definition_zh="结算销售额除以店铺数与月数。",
        pin_down_en=(
            "Only days with reports count as time, so a year with missing months is not made to "
            "look poor. For days and weeks it is the pace of a month."
        ),
        pin_down_zh="只有报告已入库的日子计入时间，缺月的年份不会被拉低。日、周粒度显示的是折合成月的节奏。",
    ),
    MetricData(
        code="shipping_income",
        department="sales",
        name_en="Shipping paid by buyers",
        name_zh="运费收入",
        formula="shipping_credits",
        unit="money",
        decimals=2,
        direction="context",
        definition_en="What buyers paid for shipping, without tax.",
        definition_zh="买家支付的运费，不含税。",
        pin_down_en="Much of it is given back by promotions on shipping; both are inside net revenue.",
        pin_down_zh="其中大部分通过运费促销返还；两者都计入净销售额。",
    ),
    MetricData(
        code="promotion_cost",
        department="marketing",
        name_en="Promotional discounts",
        name_zh="促销折扣额",
        formula="-promo_rebates",
        unit="money",
        decimals=2,
        direction="context",
        definition_en="Discounts given to buyers on products and shipping, as a positive amount.",
        definition_zh="让给买家的商品与运费折扣，以正数表示。",
        pin_down_en=(
            "The discount itself; what the marketplace charges for running coupons and deals is not in it."
        ),
        pin_down_zh="仅指折扣本身；平台就优惠券、秒杀收取的费用不在其中。",
    ),
    MetricData(
        code="promotion_share",
        department="marketing",
        name_en="Promotion share of sales",
        name_zh="促销折扣占比",
        formula="-promo_rebates / product_sales",
        unit="percent",
        decimals=1,
        direction="context",
        definition_en="Discounts given to buyers as a share of product sales.",
        definition_zh="促销折扣占商品销售额的比例。",
        pin_down_en="Lower is not always better: a planned deal raises it on purpose.",
        pin_down_zh="并非越低越好：计划内的活动会有意推高它。",
    ),
)
