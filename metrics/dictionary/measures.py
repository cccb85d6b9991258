"""The measures that reports fill: what is stored per day, shop and product, and added up.

Amounts keep the sign of the report: what the platform takes is negative. Metrics turn costs round where people
expect a positive number. `reports` names the kinds of upload that fill a measure, `grain` the shortest period for
which they speak. The measures of COUNTED come from the calendar, not from a report.
"""

from dataclasses import dataclass
from typing import Literal

TRANSACTIONS = ("amazon_transactions",)
STORAGE = ("amazon_storage_fees",)


@dataclass(frozen=True, slots=True)
class MeasureData:
    code: str
    unit: Literal["money", "count"]
    name_en: str
    name_zh: str
    definition_en: str
    definition_zh: str
    reports: tuple[str, ...] = TRANSACTIONS
    grain: Literal["day", "month"] = "day"
    kind: Literal["sum", "snapshot"] = "sum"


ORDERED = (
    MeasureData(
        "orders",
        "count",
        "Orders",
        "订单数",
        "Different order numbers among the lines of type Order. An order counts once in a report, on the day of its "
        "first line, so that the days add up to the month.",
        "“订单”类型行中不重复的订单号。同一份报告中每个订单只计一次，计在其首行所在日，因此各日相加等于当月。",
    ),
    MeasureData(
        "order_lines",
        "count",
        "Order lines",
        "订单行数",
        "Lines of type Order; an order with two articles has two or more.",
        "“订单”类型的行数；含两种商品的订单至少有两行。",
    ),
    MeasureData(
        "units",
        "count",
        "Units sold",
        "销售件数",
        "Quantity on the lines of type Order; a bundle counts as one piece.",
        "“订单”类型行的数量合计；组合装按一件计。",
    ),
    MeasureData(
        "product_sales",
        "money",
        "Product sales",
        "商品销售额",
        "Column “product sales” of the lines of type Order: price times quantity, before promotions, "
        "without tax and shipping.",
        "“订单”类型行的“product sales”列：单价乘以数量，未扣促销，不含税和运费。",
    ),
    MeasureData(
        "product_sales_tax",
        "money",
        "Sales tax on products",
        "商品销售税",
        "Tax the buyers paid on products; the marketplace passes it on to the authorities.",
        "买家为商品支付的税款，由平台代收代缴。",
    ),
    MeasureData(
        "shipping_credits",
        "money",
        "Shipping credits",
        "运费收入",
        "What buyers paid for shipping, without tax (lines of type Order).",
        "买家支付的运费，不含税（“订单”类型行）。",
    ),
    MeasureData(
        "shipping_credits_tax",
        "money",
        "Tax on shipping",
        "运费税",
        "Tax the buyers paid on shipping.",
        "买家为运费支付的税款。",
    ),
    MeasureData(
        "giftwrap_credits",
        "money",
        "Gift-wrap credits",
        "礼品包装收入",
        "What buyers paid for gift wrapping, without tax.",
        "买家支付的礼品包装费，不含税。",
    ),
    MeasureData(
        "giftwrap_credits_tax",
        "money",
        "Tax on gift wrap",
        "礼品包装税",
        "Tax the buyers paid on gift wrapping.",
        "买家为礼品包装支付的税款。",
    ),
    MeasureData(
        "promo_rebates",
        "money",
        "Promotional rebates",
        "促销折扣",
        "Discounts given to buyers on products and shipping (negative in the report; lines of type Order).",
        "让给买家的商品与运费折扣（报告中为负数；“订单”类型行）。",
    ),
    MeasureData(
        "promo_rebates_tax",
        "money",
        "Tax on promotional rebates",
        "促销折扣税",
        "Tax that falls away through promotional rebates.",
        "因促销折扣而减少的税款。",
    ),
    MeasureData(
        "withheld_tax",
        "money",
        "Tax withheld by the marketplace",
        "平台代扣税",
        "Sales tax that the marketplace keeps to pay it itself (negative).",
        "平台扣下并代为缴纳的销售税（负数）。",
    ),
    MeasureData(
        "selling_fees",
        "money",
        "Selling fees",
        "销售佣金",
        "Referral and closing fees on the lines of type Order (negative).",
        "“订单”类型行的佣金和成交费（负数）。",
    ),
    MeasureData(
        "fba_fees",
        "money",
        "FBA fulfilment fees",
        "FBA 配送费",
        "Pick, pack and delivery by the marketplace on the lines of type Order (negative).",
        "“订单”类型行的平台拣货、打包、配送费（负数）。",
    ),
    MeasureData(
        "other_transaction_fees",
        "money",
        "Other transaction fees",
        "其他交易费",
        "Shipping chargebacks and fees per item on the lines of type Order (negative).",
        "“订单”类型行的运费扣回和按件收费（负数）。",
    ),
    MeasureData(
        "order_proceeds",
        "money",
        "Proceeds from orders",
        "订单净额",
        "Column “total” of the lines of type Order: what is left of the orders after fees and withheld tax.",
        "“订单”类型行的“total”列：订单扣除费用和代扣税后的余额。",
    ),
)

REFUNDED = (
    MeasureData(
        "refund_rows",
        "count",
        "Refund lines",
        "退款行数",
        "Lines of type Refund.",
        "“退款”类型的行数。",
    ),
    MeasureData(
        "refund_orders",
        "count",
        "Orders with a refund",
        "退款订单数",
        "Different order numbers among the lines of type Refund, each counted once in a report.",
        "“退款”类型行中不重复的订单号，同一份报告中各计一次。",
    ),
    MeasureData(
        "refund_units",
        "count",
        "Units refunded",
        "退款件数",
        "Quantity on the lines of type Refund, in the period of the refund.",
        "“退款”类型行的数量合计，计入退款发生的期间。",
    ),
    MeasureData(
        "refund_sales",
        "money",
        "Refunded product sales",
        "退款商品金额",
        "Column “product sales” of the lines of type Refund (negative), in the period of the refund.",
        "“退款”类型行的“product sales”列（负数），计入退款发生的期间。",
    ),
    MeasureData(
        "refund_shipping_credits",
        "money",
        "Refunded shipping",
        "退回的运费",
        "Shipping given back to buyers (negative; lines of type Refund).",
        "退给买家的运费（负数；“退款”类型行）。",
    ),
    MeasureData(
        "refund_giftwrap_credits",
        "money",
        "Refunded gift wrap",
        "退回的礼品包装费",
        "Gift-wrap payments given back to buyers (negative; lines of type Refund).",
        "退给买家的礼品包装费（负数；“退款”类型行）。",
    ),
    MeasureData(
        "refund_promo_rebates",
        "money",
        "Promotional rebates taken back",
        "收回的促销折扣",
        "Discounts that fall away when an order is refunded (positive; lines of type Refund).",
        "订单退款时不再享受的折扣（正数；“退款”类型行）。",
    ),
    MeasureData(
        "refund_total",
        "money",
        "Refunds, net of fees given back",
        "退款净额",
        "Column “total” of the lines of type Refund: what refunds took from the account (negative).",
        "“退款”类型行的“total”列：退款实际从账户扣除的金额（负数）。",
    ),
)

BILLED = (
    MeasureData(
        "ad_cost",
        "money",
        "Advertising billed",
        "广告账单",
        "Lines “Cost of Advertising” of type Service Fee, column “total” because tax may be in it (negative).",
        "“服务费”类型中“Cost of Advertising”行的“total”列，其中可能含税（负数）。",
    ),
    MeasureData(
        "storage_fee_charged",
        "money",
        "Storage fee billed",
        "仓储费账单",
        "Lines “FBA storage fee” (negative). Billed in the month after the storage.",
        "“FBA storage fee”行（负数）。在仓储发生的次月扣款。",
    ),
    MeasureData(
        "storage_fee_long_term",
        "money",
        "Long-term storage fee billed",
        "长期仓储费账单",
        "Lines “FBA Long-Term Storage Fee” (negative).",
        "“FBA Long-Term Storage Fee”行（负数）。",
    ),
    MeasureData(
        "removal_fees",
        "money",
        "Removal and disposal fees",
        "移除与弃置费",
        "Lines “FBA Removal Order” (negative).",
        "“FBA Removal Order”行（负数）。",
    ),
    MeasureData(
        "inbound_fees",
        "money",
        "Inbound placement fees",
        "入库配置费",
        "Lines “FBA Inbound Placement Service Fee” (negative).",
        "“FBA Inbound Placement Service Fee”行（负数）。",
    ),
    MeasureData(
        "promotion_fees",
        "money",
        "Coupon, deal and Vine fees",
        "优惠券、秒杀与 Vine 费用",
        "What the marketplace charges for coupons, deals and the Vine programme (negative); not the discount itself.",
        "平台就优惠券、秒杀和 Vine 计划收取的费用（负数）；不含折扣本身。",
    ),
    MeasureData(
        "reimbursements",
        "money",
        "Inventory reimbursements",
        "库存赔偿",
        "What the marketplace pays for lost and damaged goods and returns, less what it takes back.",
        "平台对丢失、损坏货物及退货的赔付，扣除其收回的部分。",
    ),
    MeasureData(
        "other_net",
        "money",
        "Everything else",
        "其他收支",
        "All remaining lines except transfers: fee adjustments, liquidations, retrocharges and the like.",
        "除转账外的其余各行：费用调整、清算、补扣等。",
    ),
    MeasureData(
        "net_proceeds",
        "money",
        "Net proceeds",
        "平台净收入",
        "Column “total” of all lines except transfers to the bank.",
        "除转出至银行外所有行的“total”列合计。",
    ),
    MeasureData(
        "transfers",
        "money",
        "Transfers to the bank",
        "转出至银行",
        "Lines of type Transfer: paid out to the seller's account (negative).",
        "“转账”类型行：打款至卖家账户（负数）。",
    ),
)

STORED = (
    MeasureData(
        "storage_fee_estimated",
        "money",
        "Monthly storage fee",
        "月度仓储费",
        "Sum of the estimated monthly storage fee over products and warehouses, in the month the goods were stored.",
        "各商品、各仓库的月度预估仓储费合计，计入货物存放的月份。",
        STORAGE,
        "month",
    ),
    MeasureData(
        "storage_units",
        "count",
        "Average units on hand",
        "平均在库件数",
        "Sum over products and warehouses of the average quantity on hand in a month.",
        "各商品、各仓库当月平均在库数量之和。",
        STORAGE,
        "month",
    ),
    MeasureData(
        "stock_unit_days",
        "count",
        "Unit-days in stock",
        "在库件·天",
        "Average quantity on hand times the days of the month: one piece stored for one day is one.",
        "平均在库数量乘以当月天数：一件货存放一天计为一。",
        STORAGE,
        "month",
    ),
)

# Filled from the calendar and from which days are covered by reports, see metrics/queries/sums.py.
COUNTED = (
    MeasureData(
        "days",
        "count",
        "Days",
        "天数",
        "Days of the period for which the reports are in.",
        "该期间内报告已入库的天数。",
        (),
    ),
    MeasureData(
        "shop_months",
        "count",
        "Shop-months",
        "店铺·月",
        "Months of the period times shops, as far as the reports are in; a day is its part of the month.",
        "期间月数乘以店铺数，以报告已入库的部分为准；一天按其占当月的比例计。",
        (),
    ),
)

MEASURES: tuple[MeasureData, ...] = ORDERED + REFUNDED + BILLED + STORED + COUNTED
