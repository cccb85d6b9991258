"""Refunds: how much goes back to buyers and what it costs."""

from metrics.dictionary.entry import MetricData

REFUNDS = (
    MetricData(
        code="refund_rate",
        department="sales",
        is_key=True,
        name_en="Refund rate (units)",
        name_zh="退款率（件数）",
        formula="refund_units / units",
        unit="percent",
        decimals=2,
        direction="down",
        tax_base="none",
        definition_en="Pieces refunded in the period as a share of pieces sold in it.",
        definition_zh="期间内退款件数占同期销售件数的比例。",
        pin_down_en=(
            "By the period of the refund: a refund of an older order counts now. Not a return "
            "rate, because money is also given back without the goods coming back."
        ),
        pin_down_zh="按退款发生的期间计：旧订单的退款计入当期。它不是退货率，因为有时只退款不退货。",
    ),
    MetricData(
        code="refund_rate_orders",
        department="sales",
        name_en="Refund rate (orders)",
        name_zh="退款率（订单数）",
        formula="refund_orders / orders",
        unit="percent",
        decimals=2,
        direction="down",
        tax_base="none",
        definition_en="Orders with a refund in the period as a share of the orders settled in it.",
        definition_zh="期间内发生退款的订单占同期结算订单的比例。",
        pin_down_en="Orders refunded twice in a month count once.",
        pin_down_zh="同月多次退款的订单只计一次。",
    ),
    MetricData(
        code="refund_rate_rows",
        department="sales",
        name_en="Refund lines per order",
        name_zh="退款行数 / 订单数",
        formula="refund_rows / orders",
        unit="percent",
        decimals=2,
        direction="down",
        tax_base="none",
        definition_en="Refund lines of the report as a share of the orders settled in the period.",
        definition_zh="报告中退款行数占同期结算订单的比例。",
        pin_down_en=(
            "The quick count that people make by hand in a spreadsheet; an order with two "
            "refunded articles counts twice."
        ),
        pin_down_zh="即人工在表格中直接点数的口径；一个订单退两种商品计两次。",
    ),
    MetricData(
        code="refund_rate_money",
        department="finance",
        name_en="Refund rate (amount)",
        name_zh="退款率（金额）",
        formula="-refund_sales / product_sales",
        unit="percent",
        decimals=2,
        direction="down",
        definition_en="Product sales refunded in the period as a share of product sales in it.",
        definition_zh="期间内退款的商品金额占同期商品销售额的比例。",
        pin_down_en="Shipping, gift wrap and tax given back are not in it.",
        pin_down_zh="不含退回的运费、礼品包装费和税款。",
    ),
    MetricData(
        code="refund_amount",
        department="finance",
        name_en="Refunded product sales",
        name_zh="退款金额",
        formula="-refund_sales",
        unit="money",
        decimals=2,
        direction="down",
        definition_en="Product sales given back to buyers in the period, as a positive amount.",
        definition_zh="期间内退还买家的商品金额，以正数表示。",
        pin_down_en="Fees that the marketplace gives back on a refund are not taken off: see refund loss.",
        pin_down_zh="未扣平台因退款而返还的费用，扣除后请看“退货损耗”。",
    ),
    MetricData(
        code="refund_loss",
        department="finance",
        name_en="Refund loss",
        name_zh="退货损耗",
        formula="-refund_total - reimbursements",
        unit="money",
        decimals=2,
        direction="down",
        definition_en=(
            "What refunds took from the account, less what the marketplace paid for lost, damaged "
            "and unreturned goods."
        ),
        definition_zh="退款从账户扣除的净额，减去平台对丢失、损坏及未退回货物的赔付。",
        pin_down_en=(
            "The value of goods that come back and can be sold again is not in it; reimbursements "
            "of warehouse damage are. Negative when more was reimbursed than refunded."
        ),
        pin_down_zh="未计可再次销售的退回货物价值；包含仓库损坏赔付。赔付多于退款时为负数。",
    ),
)
