"""The words that everybody uses for everything, in Chinese and English; see `actions.vagueness`."""

import re


def _signs(*lists: str) -> re.Pattern[str]:
    """One pattern for all words of the lists, the longest first, so that 转化率 is not read as 转化 and a rest."""
    words = sorted({word for listed in lists for word in listed.split()}, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, words)))


def _words(*lists: str) -> frozenset[str]:
    return frozenset(word for listed in lists for word in listed.split())


# --- Chinese ----------------------------------------------------------------------------------------------
CHANGE_ZH = """
优化 改善 改进 改良 提升 提高 加强 强化 增强 加大 增加 扩大 降低 减少 缩短 压缩 控制 完善 加快 促进
"""
DOING_ZH = """
跟进 跟踪 跟 推进 推动 落实 关注 处理 解决 了解 研究 考虑 讨论 沟通 协调 配合 支持 负责 尽力 努力 争取 做好 搞好
弄好 抓好 抓 深化 细化 梳理 整理 排查 检查 看看 看 查看 查 分析 调整 对接 安排 准备 执行 实施 开展 进行 保持 维护
重视 注意 管理 管控 完成 做 搞 弄 想办法 继续 持续 改
"""
THINGS_ZH = """
广告 投放 链接 产品 商品 货品 库存 销量 销售 销售额 业绩 营收 转化 转化率 流量 点击率 运营 数据 问题 事情 事项 事 情况
工作 任务 流程 效率 质量 服务 客服 客户 顾客 供应商 供应链 物流 利润 利润率 毛利 成本 费用 价格 定价 文案 图片 主图
标题 五点 关键词 评论 评价 差评 好评 店铺 平台 账号 账户 团队 人员 部门 市场 品牌 推广 营销 活动 选品 新品 页面 详情页
体验 满意度 表现 效果 能力 水平 意识 执行力 影响力 竞争力 方案 计划 报告 报表 系统 退货 退货率 退款 发货 补货 采购 仓储
仓库 头程 尾程 指标 目标 进度 进展 预算 资金 现金流 周转 周转率
"""
FILLER_ZH = """
一下 一些 相关 各种 各项 各个 有关 更多 更好 更 进一步 尽快 尽早 及时 快速 全面 整体 大力 认真 积极 主动 适当 合理 有效
近期 后续 下一步 接下来 目前 当前 我们 咱们 大家 定期 以及 方面 力度 部分 继续 持续 不断 多 再 也 都 请 要 去 把 将 对
在 的 了 和 与 及 并 或 等 给 让 从 为 下 点 些 好 这 那 该 此 问题 事宜 重点 加油 需要 必须 应该
"""
APPROVAL_ZH = """
满意 认可 良好 不错 优秀 到位 理想 正常 合格 顺利 成功 明显 显著 大幅 有所 较好 很好 变好 好转 改观 提升 上升 下降 增长
增加 减少 加强 合理 达标 好 效果好 没问题 可以 完成 解决 落实 老板 领导 质变
"""
TITLE_CJK = _signs(CHANGE_ZH, DOING_ZH, THINGS_ZH, FILLER_ZH)
CRITERION_CJK = _signs(CHANGE_ZH, DOING_ZH, THINGS_ZH, FILLER_ZH, APPROVAL_ZH)

# --- English, in their base form ------------------------------------------------------------------------------
CHANGE_EN = """
optimize optimise improve enhance increase reduce lower raise boost grow strengthen cut decrease speed accelerate
"""
DOING_EN = """
follow followup handle deal work look check review discuss consider think explore investigate monitor watch track
manage support help address fix solve resolve continue keep try ensure make get push drive coordinate align
communicate prepare analyse analyze update adjust complete finish maintain care take start begin see find talk
"""
THINGS_EN = """
ads advert advertising advertisement campaign listing product item stock inventory sale sales revenue turnover
conversion traffic operation data issue problem thing stuff task matter topic point process efficiency quality service
customer client supplier vendor logistics shipping supply chain profit margin cost fee price pricing image photo
picture title bullet keyword review rating store shop platform account team people staff department market marketing
brand promotion page experience performance result report plan system return refund warehouse target goal kpi roi acos
roas tacos ctr cvr rate situation status progress bug meeting budget cash flow everything something anything nothing
"""
FILLER_EN = """
the and for our their his her its your with from into onto out off over about again still also all some any more most
very much asap soon quickly fast possible further better best good well please need should must will are was were been
has have had this that these those them they who what when where how why not but than then too next new now today
later regular regularly ongoing every each other related overall general generally necessary needed properly
"""
APPROVAL_EN = """
happy satisfied satisfactory satisfy acceptable nice fine okay success successful successfully done complete
completed great excellent high higher low lower strong stronger improved perform works expected expectation boss
significant significantly clearly noticeable noticeably visible visibly everyone everybody
"""
TITLE_LATIN = _words(CHANGE_EN, DOING_EN, THINGS_EN, FILLER_EN)
CRITERION_LATIN = _words(CHANGE_EN, DOING_EN, THINGS_EN, FILLER_EN, APPROVAL_EN)
# How a word in the lists may end: (ending, what stands there in the base form).
ENDINGS = (
    ("s", ""),
    ("es", ""),
    ("ies", "y"),
    ("ing", ""),
    ("ing", "e"),
    ("ed", ""),
    ("ed", "e"),
    ("ly", ""),
)

# --- what makes a text checkable ---------------------------------------------------------------------------------
CHANGE = re.compile(
    rf"(?:{_signs(CHANGE_ZH).pattern})|(?:{'|'.join(sorted(_words(CHANGE_EN)))})\b", re.IGNORECASE
)
FIGURES = re.compile(
    r"\d|[一二两三四五六七八九十百千万半]+\s*[个份家款次天周月年件条张页套名台元美倍成组项轮人]"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|half|twice)\b",
    re.IGNORECASE,
)
AMOUNTS = re.compile(
    r"全部|全员|所有|每[个次周天月人款]|不再|没有|无(?!关|法)|为零|清零|\b(?:all|every|each|no|none|zero|nobody|"
    r"no longer|without)\b",
    re.IGNORECASE,
)
DOCUMENTS = re.compile(
    r"报告|报表|报价|方案|清单|截图|合同|协议|文档|文件|表格|邮件|纪要|手册|教程|模板|链接|视频|照片|发票|单据|证书|记录|签字|签署"
    r"|盖章|批准|审批|评审|SOP|PPT|Excel|PDF|A/B"
    r"|\b(?:reports?|documents?|lists?|screenshots?|contracts?|agreements?|quotes?|quotations?|spreadsheets?|e-?mails?|"
    r"minutes|manuals?|templates?|videos?|invoices?|certificates?|records?|signed|approved|signature|files?|links?|"
    r"drafts?|dashboards?|checklists?)\b",
    re.IGNORECASE,
)
