"""Supply chain: storage, stock and the way to the buyer."""

from metrics.dictionary.entry import MetricData

SUPPLY = (
    MetricData(
        code="storage_fee",
        department="supply",
        is_key=True,
        name_en="Storage fee",
        name_zh="仓储费用",
        formula="storage_fee_estimated",
        unit="money",
        decimals=2,
        direction="down",
        clock="stored",
        tax_base="as_billed",
        definition_en=(
            "Monthly storage fee of the storage report, in the month in which the goods were stored."
        ),
        definition_zh="仓储费报告中的月度仓储费，计入货物存放的月份。",
        pin_down_en=(
            "The platform bills it in the month after: compare it with the billed fee of the next "
            "month. Long-term storage is not in it. There is no value for days and weeks."
        ),
        pin_down_zh="平台次月扣款：应与次月账单比较。不含长期仓储费。日、周粒度没有数值。",
    ),
    MetricData(
        code="storage_fee_billed",
        department="finance",
        name_en="Storage fee (billed)",
        name_zh="仓储费（账单口径）",
        formula="-storage_fee_charged - storage_fee_long_term",
        unit="money",
        decimals=2,
        direction="down",
        clock="billed",
        tax_base="as_billed",
        definition_en="Storage and long-term storage billed in the period, as a positive amount.",
        definition_zh="期间内扣收的仓储费与长期仓储费，以正数表示。",
        pin_down_en="Bills the storage of the month before.",
        pin_down_zh="所扣为上月的仓储。",
    ),
    MetricData(
        code="storage_fee_billed_plain",
        department="finance",
        name_en="Storage fee (billed), without long-term",
        name_zh="仓储费（账单口径，不含长期）",
        formula="-storage_fee_charged",
        unit="money",
        decimals=2,
        direction="down",
        clock="billed",
        tax_base="as_billed",
        definition_en="The plain storage fee billed in the period, as a positive amount.",
        definition_zh="期间内扣收的普通仓储费，以正数表示。",
        pin_down_en=(
            "Equals the storage report of the month before to the cent; a difference means that a "
            "file is missing or changed."
        ),
        pin_down_zh="应与上月仓储费报告分毫不差；有差异说明文件缺失或被改动。",
    ),
    MetricData(
        code="storage_share",
        department="supply",
        name_en="Storage share of sales",
        name_zh="仓储费占比",
        formula="(-storage_fee_charged - storage_fee_long_term) / product_sales",
        unit="percent",
        decimals=2,
        direction="down",
        clock="billed",
        definition_en="Storage and long-term storage billed, as a share of settled sales of the same period.",
        definition_zh="扣收的仓储费与长期仓储费占同期结算销售额的比例。",
        pin_down_en="The bill is for the month before, so the share of a season's first month looks low.",
        pin_down_zh="账单对应上月仓储，旺季首月的占比会显得偏低。",
    ),
    MetricData(
        code="holding_cost",
        department="supply",
        name_en="Inventory holding cost (billed part)",
        name_zh="库存持有成本（账单部分）",
        formula="-storage_fee_charged - storage_fee_long_term - removal_fees",
        unit="money",
        decimals=2,
        direction="down",
        clock="billed",
        tax_base="as_billed",
        definition_en="Storage, long-term storage, removal and disposal billed in the period.",
        definition_zh="期间内扣收的仓储费、长期仓储费、移除与弃置费。",
        pin_down_en=(
            "The cost of the capital tied up in stock and write-offs in the books come on top; "
            "finance has set no rate yet."
        ),
        pin_down_zh="占用资金的成本和账面核销另计，财务尚未确定费率。",
    ),
    MetricData(
        code="last_leg_share",
        department="supply",
        name_en="Last-leg share of net revenue",
        name_zh="尾程运费占比",
        formula=(
            "-fba_fees / (product_sales + shipping_credits + giftwrap_credits + promo_rebates + "
            "refund_sales + refund_shipping_credits + refund_giftwrap_credits + "
            "refund_promo_rebates)"
        ),
        unit="percent",
        decimals=2,
        direction="down",
        definition_en="Fulfilment fees of the platform as a share of net revenue.",
        definition_zh="平台配送费占净销售额的比例。",
        pin_down_en=(
            "Delivery to the buyer with picking and packing, which the platform does not bill "
            "apart. Freight to the warehouse is not in it. The FBA fee share has sales before "
            "promotions and refunds below the line."
        ),
        pin_down_zh="平台不单列拣货与打包，故一并计入；不含头程。与“FBA 配送费占售价比”的区别在于分母已扣促销和退款。",
    ),
    MetricData(
        code="wh_stock",
        department="supply",
        name_en="Stock in the platform's warehouses",
        name_zh="海外仓库存量（平台仓）",
        formula="stock_unit_days / days",
        unit="count",
        direction="context",
        clock="stored",
        tax_base="none",
        definition_en="Pieces in stock on an average day of the period.",
        definition_zh="期间内日均在库件数。",
        pin_down_en=(
            "An average, not the stock at the end of the month; the report gives no day. Goods on "
            "their way are not in it."
        ),
        pin_down_zh="为平均值而非月末库存，报告不提供日数据。在途货物不计。",
    ),
    MetricData(
        code="inv_turn_days",
        department="supply",
        is_key=True,
        name_en="Days of stock (units)",
        name_zh="库存周转天数（件数）",
        formula="stock_unit_days / units",
        unit="days",
        direction="target",
        clock="stored",
        tax_base="none",
        definition_en="How many days the average stock would last at the pace of sales of the period.",
        definition_zh="按期间销售速度，平均库存可以卖多少天。",
        pin_down_en=(
            "In pieces, because the reports hold no cost; looks back at sales, not ahead. The age "
            "of stock is another figure."
        ),
        pin_down_zh="以件数计，因报告不含成本；回看已发生的销售，而非预测。库龄是另一个指标。",
    ),
    MetricData(
        code="inv_turn_rate",
        department="supply",
        name_en="Stock turns a year (units)",
        name_zh="库存周转率（次/年，件数）",
        formula="365 * units / stock_unit_days",
        unit="ratio",
        decimals=1,
        direction="up",
        clock="stored",
        tax_base="none",
        definition_en="How often the average stock would be sold in a year at the pace of the period.",
        definition_zh="按期间的节奏，平均库存一年可售出几次。",
        pin_down_en="365 divided by the days of stock; in pieces. Four turns a year are 91 days of stock.",
        pin_down_zh="即 365 除以周转天数；以件数计。一年四次相当于 91 天库存。",
    ),
    MetricData(
        code="storage_per_unit",
        department="supply",
        name_en="Storage fee per unit and month",
        name_zh="单件月仓储费",
        formula="30 * storage_fee_estimated / stock_unit_days",
        unit="money",
        decimals=3,
        direction="down",
        clock="stored",
        tax_base="as_billed",
        definition_en="What a piece costs to store for thirty days, on average.",
        definition_zh="平均每件货物存放三十天的费用。",
        pin_down_en="Rises from October to December, when the platform charges its peak rate.",
        pin_down_zh="十月至十二月平台收取旺季费率，会上升。",
    ),
)
