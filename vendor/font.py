"""Makes the type of our PDFs: subsets of Noto Sans CJK SC, regular and bold, as woff2 files in static/vendor/fonts.

    python vendor/font.py /usr/share/fonts/opentype/noto

The result is committed, so that a PDF looks the same on a machine without any Chinese font; nobody needs to run this
to use the site. It holds what GB 2312 has (6,763 characters and its signs), characters that are frequent in names
and brands beyond it, Latin with its accents, and the signs of reports (arrows, ticks, warning triangles).

The Open Font License lets a changed font be passed on under another name: "Noto" is a trademark, and the changed font
is called "Fupan Sans SC". Needs fonttools and brotli, which come with weasyprint.
"""

import sys
from pathlib import Path

from fontTools import subset, ttLib

FAMILY = "Fupan Sans SC"
FOLDER = Path(__file__).resolve().parent.parent / "static" / "vendor" / "fonts"
STYLES = {"Regular": "fupan-sans-sc.woff2", "Bold": "fupan-sans-sc-bold.woff2"}
RANGES = [
    (0x20, 0x7F),
    (0xA0, 0x180),
    (0x2C6, 0x2DE),
    (0x370, 0x400),
    (0x2000, 0x2070),
    (0x2070, 0x20A0),
    (0x2190, 0x2200),
    (0x2200, 0x2270),
    (0x2460, 0x2500),
    (0x25A0, 0x2600),
    (0x3000, 0x3100),
    (0xFF00, 0xFFF0),
]
SIGNS = "€£¥₩₹₽™©®✓✔✗✘★☆⚠☐☑☒♂♀"
# Frequent in names of people, firms and places, and not in GB 2312.
NAMES = (
    "喆堃玥昇珺琤翀煊昉晗玮琰珞珂玘琪璟璐瑄瑀瑭瑧璘璠璎珩珈珉珣珮琇琬琨琭琳瑗瑱嫣妧妤姝婳婧媖嬅淼焱燚垚犇骉羴鑫"
    "熠煜炜炘烜焜煒燊晟旸昫昕昶晞晔暄暐曈曦祎祯禛禔祺禤祐祜衎铠铄锬锜锟镕镛镒钰玙玗珅玔玠玥飏飖颢颀颉颋赟赉邶邺郗"
    "郄郜郯鄢鄯仝佟侔俣倓偲傕僖僮儆冏凊劼勍匡厓叕哿喾嚞囧圳坤垭埇埼塱墉奭奡嬿孖孛岍岙岢峣崟嵊嵘巖庹庾廾弢弨彧徕忞忻"
    "怿恽惇愔憬戬扆抃揆摅攽旻昀昊昱杍杧杺柃栐桄桢梽棽楒榕槊橦檀欤歆殳毓氤沄沅沆沐沨沩沺泂泆泓洵浠浥浔涪淇淏渌渟湜"
    "溁溦滢漪潆澍澐濛瀅瀚灏烨牮玎瓅甄疍皞皙眭睎睿矞砼砀硕磬禹秾穂竑笙筠篪粲綦繇纮纾绁绂绡缃缦缨罡羿翊翎翙翛翥翾聿脩"
    "芃芗芮芷苒茗茜荇莀莘莳菀菁菡萁萱葳蓁蓉蔺蕙薇藁蘅蘧蛟蜜裎褀誉諲谞谠谧豉贇赟軒辂逄逸遐遹邈郅郢鄞醴釗鈞銘錡镠闓阆阗阚"
    "霈霏霖霙靓靖韫韬頔顗馗馥驊驿骁骅骐骞髙鬯鲲鳯鸢鸿麒麟黻黼鼐齊齮龑龔"
)


def characters() -> set[int]:
    found = {code for start, end in RANGES for code in range(start, end)} | set(map(ord, SIGNS + NAMES))
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            found.update(map(ord, bytes([high, low]).decode("gb2312", "ignore")))
    return found


def number_of_face(source: str) -> int:
    faces = ttLib.TTCollection(source).fonts
    return next(i for i, face in enumerate(faces) if face["name"].getDebugName(1) == "Noto Sans CJK SC")


def rename(font: ttLib.TTFont, style: str) -> None:
    """A changed font has a name of its own; who made the original, and its licence, stay."""
    names = font["name"]
    for record in list(names.names):
        if record.nameID not in (0, 1, 2, 3, 4, 5, 6, 8, 9, 13, 14):
            names.removeNames(nameID=record.nameID)
    postscript = FAMILY.replace(" ", "")
    for name_id, text in {
        1: FAMILY,
        3: f"{postscript}-{style};subset",
        4: FAMILY if style == "Regular" else f"{FAMILY} {style}",
        6: f"{postscript}-{style}",
    }.items():
        for record in [record for record in names.names if record.nameID == name_id]:
            names.setName(text, name_id, record.platformID, record.platEncID, record.langID)
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames[0] = f"{postscript}-{style}"
        top = cff.topDictIndex[0]
        top.FullName = top.FamilyName = FAMILY


def make(source: str, style: str) -> None:
    options = subset.Options()
    options.font_number = number_of_face(source)
    options.flavor = "woff2"
    options.layout_features = ["kern", "locl", "ccmp", "vert"]
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = ["*"]
    options.name_languages = [0x409]
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    rename(font, style)
    # The date would make every run another file.
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    FOLDER.mkdir(parents=True, exist_ok=True)
    out = FOLDER / STYLES[style]
    subset.save_font(font, str(out), options)
    sys.stdout.write(f"{out.name}: {out.stat().st_size // 1024} KB, {len(font.getBestCmap())} characters\n")


if __name__ == "__main__":
    for each in STYLES:
        make(f"{sys.argv[1]}/NotoSansCJK-{each}.ttc", each)
