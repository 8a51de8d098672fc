"""One spelling for the readers: full-width, traditional and annotated text folded to plain simplified text.

Offsets are kept, so a span found in the folded text can be printed from the original.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Traditional characters of the words the readers know, each above its simplified form.
_TRADITIONAL = (
    "億萬參數規個張塊臺層詞單圓訓練時間週鐘節點兩幾餘約過達顆種項類標記長準確處運幣歐鎊韓電碼噸計顯內儲條積圖場輛隻貝頁頭維華據語開發習應務業產員國區級總併從將較於與為僅隨後會這來樣實驗勝績測試題請輸評論報"
    "導編輯責網號備權關鍵圍擴縮減價錢資額銷營淨強體優術機構學環聯認識製選廣島紙書聲譯錯誤遠傳連續贏軍獎門戶線絡頻寬邊緣閃變動態給讓對無邏萊納佈麼熱觀眾筆歲屆轉換覽閱讀贊絲臨亞偉偵茲冊衝擊則別歷壓啟帶錄徑執"
    "掃損攝棟檔樓歡氣匯漢沒瀏溫滿煉獻現畫盤離稱穩簽組經緩臉薦獲視許設訪證訴話該說調敗貨質貼費趕躍輪軸載邁還進郵鄰裡裏鑄鏈銳問聞隊階隱頂預領餅館驍鯤鵬龍佔擁紀衆爲綫叢憶專師職緊綴際適訊購貴貢財貿賽輕輝鐵銀鎖"
    "鏡陽陣險難霧靜韻頒風飛飽驅魚鴻齊檢橋騰頓紅夢贈遞遲醫釋鑽闡陳隸雙雜雖願驟鬆麗龐嚴聖牆壽屬巖廠廢彙徵慣憑懷戰擔擇擬斷暫曉棄榮樂橫殘毀決況淺滬漸潔潛濟燈燒爭爾牽獨瑣畢異療盡礎禮稅窮競範築簡糧繪繼罷聽肅脈腦"
    "舉舊艱蘇蘭蝕衛補複襲覺觸診詢詳誌誕誠謂譜豐貫賣賴趨蹤軌軟輔轄辦農遷違遺鄉"
    "義雲盧奪尋庫斬極樁檻濾靈統細織終車輒躋慮夠採係揮勢講議閉饋愛羅吳劉楊孫馬麥虧償剛創劇勞勵協葉響團園壞奧寧慶彈歸當懸驚戲護敵殺樹氫澤漲灣監蓋籌純縱紹結絕綜綠聰艦藝藍裝見譽課談謝負賺鄭針陸須顧鮮順籤託佇倫債兒凍劃喚嘗壯夾奮婦"
    "娛嬰寶尷岡峽幫廳彥徹恆惡悶慘憂憲懇拋捨掛揚撥擋擺晉暢東殼汙洩涼湧滯滾漁濃濱瀾災烏牠狀獅瑪甦畝盜砲磚禍禦糾紗紛紋紐緒綿緻縣繞罰羣翹脫膽臟艙蒼蔣薩蟲討詐詩誘諾謀豬貓賬賭賓賞賠贓趙跡踐轟辭遊遙鄧釘鈉鈣鋼鋰鑰閣闊陰飯養駕駛騙鬥魯"
    "鳥鹽麵黃齡"
)
_SIMPLIFIED = (
    "亿万参数规个张块台层词单元训练时间周钟节点两几余约过达颗种项类标记长准确处运币欧镑韩电码吨计显内储条积图场辆只贝页头维华据语开发习应务业产员国区级总并从将较于与为仅随后会这来样实验胜绩测试题请输评论报"
    "导编辑责网号备权关键围扩缩减价钱资额销营净强体优术机构学环联认识制选广岛纸书声译错误远传连续赢军奖门户线络频宽边缘闪变动态给让对无逻莱纳布么热观众笔岁届转换览阅读赞丝临亚伟侦兹册冲击则别历压启带录径执"
    "扫损摄栋档楼欢气汇汉没浏温满炼献现画盘离称稳签组经缓脸荐获视许设访证诉话该说调败货质贴费赶跃轮轴载迈还进邮邻里里铸链锐问闻队阶隐顶预领饼馆骁鲲鹏龙占拥纪众为线丛忆专师职紧缀际适讯购贵贡财贸赛轻辉铁银锁"
    "镜阳阵险难雾静韵颁风飞饱驱鱼鸿齐检桥腾顿红梦赠递迟医释钻阐陈隶双杂虽愿骤松丽庞严圣墙寿属岩厂废汇征惯凭怀战担择拟断暂晓弃荣乐横残毁决况浅沪渐洁潜济灯烧争尔牵独琐毕异疗尽础礼税穷竞范筑简粮绘继罢听肃脉脑"
    "举旧艰苏兰蚀卫补复袭觉触诊询详志诞诚谓谱丰贯卖赖趋踪轨软辅辖办农迁违遗乡"
    "义云卢夺寻库斩极桩槛滤灵统细织终车辄跻虑够采系挥势讲议闭馈爱罗吴刘杨孙马麦亏偿刚创剧劳励协叶响团园坏奥宁庆弹归当悬惊戏护敌杀树氢泽涨湾监盖筹纯纵绍结绝综绿聪舰艺蓝装见誉课谈谢负赚郑针陆须顾鲜顺签托伫伦债儿冻划唤尝壮夹奋妇"
    "娱婴宝尴冈峡帮厅彦彻恒恶闷惨忧宪恳抛舍挂扬拨挡摆晋畅东壳污泄凉涌滞滚渔浓滨澜灾乌它状狮玛苏亩盗炮砖祸御纠纱纷纹纽绪绵致县绕罚群翘脱胆脏舱苍蒋萨虫讨诈诗诱诺谋猪猫账赌宾赏赔赃赵迹践轰辞游遥邓钉钠钙钢锂钥阁阔阴饭养驾驶骗斗鲁"
    "鸟盐面黄龄"
)
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，"}
_PUNCTUATION = str.maketrans(
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000—–−‐‑﹪〜∼⁓₀₁₂₃₄₅₆₇₈₉",
    "               -----%~~~0123456789",
)
TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_TABLE: dict[int, int | str | None] = {
    **_FULL_WIDTH,
    **_PUNCTUATION,
    **TO_SIMPLIFIED,
}

_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
# Signs that nobody sees: soft hyphens, joiners and breaks of no width, marks of direction, selectors, tags.
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
_LEFT_OUT = re.compile(rf"[{_UNSEEN}]+|(?<=[\u4e00-\u9fff])\((?=[a-zü]{{0,5}}[{_TONES}])[a-zü{_TONES}]{{1,6}}\)")


@dataclass(frozen=True)
class Folded:
    """Folded text and, for each of its positions (and its end), the code point offset in the original."""

    text: str
    offsets: Sequence[int]


def fold(text: str) -> Folded:
    """Fold full-width and traditional characters and drop unseen signs and pinyin such as 數(shù); linear in the length."""
    plain = text.translate(_TABLE)
    pieces: list[str] = []
    offsets: list[int] = []
    last = 0
    for note in _LEFT_OUT.finditer(plain):
        pieces.append(plain[last : note.start()])
        offsets.extend(range(last, note.start()))
        last = note.end()
    if not pieces:
        return Folded(plain, range(len(plain) + 1))
    pieces.append(plain[last:])
    offsets.extend(range(last, len(plain) + 1))
    return Folded("".join(pieces), offsets)
