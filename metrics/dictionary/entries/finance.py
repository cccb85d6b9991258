"""Finance: what stays after the platform has taken its part, and what that part consists of."""

from metrics.dictionary.entry import MetricData

FINANCE = (
    MetricData(
        code="net_proceeds",
        department="finance",
        is_key=True,
        name_en="Net proceeds from the platform",
        name_zh="平台净收入",
        formula="net_proceeds",
        unit="money",
        decimals=2,
        direction="up",
        tax_base="as_billed",
        definition_en=(
            "What the account gained in the period: all lines of the report except transfers to the bank."
        ),
        definition_zh="期间内账户的净增加额：报告中除转出至银行外的全部收支。",
        pin_down_en="Not a profit: cost of goods, freight to the warehouse, staff and rent are not in it.",
        pin_down_zh="不是利润：货物成本、头程运费、人工和房租均不在其中。",
    ),
    MetricData(
        code="net_margin",
        department="finance",
        is_key=True,
        name_en="Net proceeds share of sales",
        name_zh="平台净收入率",
        formula="net_proceeds / product_sales",
        unit="percent",
        decimals=1,
        direction="up",
        tax_base="as_billed",
        definition_en="How much of each unit of settled sales stays after everything the platform takes.",
        definition_zh="每一元结算销售额在平台扣除各项费用后的留存比例。",
        pin_down_en=(
            "Before cost of goods; compare it with the share that goods and freight need, not "
            "with a net profit margin."
        ),
        pin_down_zh="未扣货物成本；应与货值及运费所需占比比较，而非与净利率比较。",
    ),
    MetricData(
        code="net_per_order",
        department="finance",
        name_en="Net proceeds per order",
        name_zh="单均平台净收入",
        formula="net_proceeds / orders",
        unit="money",
        decimals=2,
        direction="up",
        tax_base="as_billed",
        definition_en="Net proceeds divided by the orders settled in the period.",
        definition_zh="平台净收入除以期间内结算订单量。",
    ),
    MetricData(
        code="net_per_unit",
        department="finance",
        name_en="Net proceeds per unit",
        name_zh="单件平台净收入",
        formula="net_proceeds / units",
        unit="money",
        decimals=2,
        direction="up",
        tax_base="as_billed",
        definition_en=(
            "Net proceeds divided by the pieces sold: what is left of a piece to pay for goods and freight."
        ),
        definition_zh="平台净收入除以销售件数：每件商品可用于支付货值和运费的余额。",
    ),
    MetricData(
        code="fee_structure",
        department="finance",
        is_key=True,
        name_en="Platform fees share of sales",
        name_zh="费比结构（平台费用合计）",
        formula=(
            "(-selling_fees - fba_fees - other_transaction_fees - storage_fee_charged - "
            "storage_fee_long_term - removal_fees - inbound_fees - promotion_fees) / "
            "product_sales"
        ),
        unit="percent",
        decimals=1,
        direction="down",
        tax_base="as_billed",
        definition_en=(
            "All fees of the platform except advertising, as a share of settled sales: referral, "
            "fulfilment, storage, removal, inbound placement, coupons and deals."
        ),
        definition_zh="除广告外的全部平台费用占结算销售额的比例：佣金、配送、仓储、移除、入库配置、优惠券与秒杀费用。",
        pin_down_en=(
            "Its parts are metrics of their own. Fees given back on refunds and fee corrections "
            "are not taken off."
        ),
        pin_down_zh="各组成部分另有单独指标。未扣退款返还的费用及费用更正。",
    ),
    MetricData(
        code="selling_fee_cost",
        department="finance",
        name_en="Selling fees",
        name_zh="销售佣金",
        formula="-selling_fees",
        unit="money",
        decimals=2,
        direction="down",
        tax_base="as_billed",
        definition_en="Referral and closing fees on orders, as a positive amount.",
        definition_zh="订单的佣金与成交费，以正数表示。",
        pin_down_en="Fees given back on refunds are not taken off.",
        pin_down_zh="未扣退款时返还的佣金。",
    ),
    MetricData(
        code="selling_fee_share",
        department="finance",
        name_en="Selling fee share of sales",
        name_zh="佣金占比",
        formula="-selling_fees / product_sales",
        unit="percent",
        decimals=2,
        direction="down",
        definition_en="Referral and closing fees as a share of settled product sales.",
        definition_zh="佣金与成交费占结算销售额的比例。",
        pin_down_en=(
            "The platform takes its percentage of the price after promotions, so the share moves "
            "with discounts."
        ),
        pin_down_zh="平台按促销后价格计佣，因此占比会随折扣变化。",
    ),
    MetricData(
        code="fba_fee_cost",
        department="finance",
        name_en="FBA fulfilment fees",
        name_zh="FBA 配送费",
        formula="-fba_fees",
        unit="money",
        decimals=2,
        direction="down",
        tax_base="as_billed",
        definition_en="Pick, pack and delivery by the platform on the orders settled, as a positive amount.",
        definition_zh="结算订单的平台拣货、打包、配送费，以正数表示。",
        pin_down_en="Later corrections for weight and size are not in it; they count in net proceeds.",
        pin_down_zh="事后的重量、尺寸更正不在其中，计入平台净收入。",
    ),
    MetricData(
        code="fba_fee_share",
        department="finance",
        is_key=True,
        name_en="FBA fee share of sales",
        name_zh="FBA 配送费占售价比",
        formula="-fba_fees / product_sales",
        unit="percent",
        decimals=2,
        direction="down",
        definition_en="Fulfilment fees as a share of settled product sales.",
        definition_zh="配送费占结算销售额的比例。",
        pin_down_en=(
            "Depends on the price more than on the warehouse: cheap articles carry a share two or "
            "three times that of dear ones."
        ),
        pin_down_zh="主要取决于售价：低价商品的占比可达高价商品的两三倍。",
    ),
    MetricData(
        code="fba_fee_per_unit",
        department="finance",
        name_en="FBA fee per unit",
        name_zh="单件 FBA 配送费",
        formula="-fba_fees / units",
        unit="money",
        decimals=2,
        direction="down",
        tax_base="as_billed",
        definition_en="Fulfilment fees divided by the pieces sold.",
        definition_zh="配送费除以销售件数。",
        pin_down_en="Pieces that the seller sends out himself would lower it.",
        pin_down_zh="若有自发货件数，会拉低该数值。",
    ),
    MetricData(
        code="ad_cost_share",
        department="finance",
        name_en="Advertising share of net revenue",
        name_zh="广告费占净销售额比",
        formula=(
            "-ad_cost / (product_sales + shipping_credits + giftwrap_credits + promo_rebates + "
            "refund_sales + refund_shipping_credits + refund_giftwrap_credits + "
            "refund_promo_rebates)"
        ),
        unit="percent",
        decimals=2,
        direction="down",
        clock="billed",
        definition_en="Advertising billed as a share of net revenue.",
        definition_zh="广告账单占净销售额的比例。",
        pin_down_en=(
            "As TACoS, but below the line stands net revenue, which finance uses: after "
            "promotions and refunds."
        ),
        pin_down_zh="与 TACoS 类似，但分母为财务口径的净销售额：已扣促销和退款。",
    ),
    MetricData(
        code="reimbursement_income",
        department="finance",
        name_en="Inventory reimbursements",
        name_zh="库存赔偿",
        formula="reimbursements",
        unit="money",
        decimals=2,
        direction="context",
        tax_base="as_billed",
        definition_en=(
            "What the platform paid for lost, damaged and unreturned goods, less what it took back."
        ),
        definition_zh="平台对丢失、损坏及未退回货物的赔付，扣除其收回的部分。",
        pin_down_en="Can be negative in a month in which earlier payments are taken back.",
        pin_down_zh="当月收回此前赔付时可能为负数。",
    ),
    MetricData(
        code="payout",
        department="finance",
        name_en="Paid out to the bank",
        name_zh="平台打款",
        formula="-transfers",
        unit="money",
        decimals=2,
        direction="context",
        clock="paid_out",
        tax_base="as_billed",
        definition_en="Transfers from the platform's account to the bank, as a positive amount.",
        definition_zh="平台账户转出至银行的金额，以正数表示。",
        pin_down_en=(
            "Cash, not earnings: a payout covers settlement periods that may begin in an earlier month."
        ),
        pin_down_zh="这是现金流而非收益：一次打款覆盖的结算期可能始于上月。",
    ),
)
