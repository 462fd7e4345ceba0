"""Exercises made by code from word tables: sums, translations, lists, classes, copies; also under system turns."""

import random
from collections.abc import Callable

Turns = list[dict[str, str]]

# English (with its article), Chinese, by class.
WORDS: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("fruit", "水果"): [
        ("apple", "苹果"),
        ("pear", "梨"),
        ("banana", "香蕉"),
        ("orange", "橙子"),
        ("grape", "葡萄"),
        ("peach", "桃子"),
        ("cherry", "樱桃"),
        ("plum", "李子"),
        ("lemon", "柠檬"),
        ("mango", "芒果"),
        ("melon", "甜瓜"),
        ("strawberry", "草莓"),
    ],
    ("vegetable", "蔬菜"): [
        ("carrot", "胡萝卜"),
        ("potato", "土豆"),
        ("onion", "洋葱"),
        ("cabbage", "卷心菜"),
        ("cucumber", "黄瓜"),
        ("pumpkin", "南瓜"),
        ("spinach", "菠菜"),
        ("lettuce", "生菜"),
        ("pepper", "辣椒"),
        ("radish", "萝卜"),
    ],
    ("animal", "动物"): [
        ("cat", "猫"),
        ("dog", "狗"),
        ("horse", "马"),
        ("cow", "牛"),
        ("sheep", "绵羊"),
        ("goat", "山羊"),
        ("rabbit", "兔子"),
        ("tiger", "老虎"),
        ("lion", "狮子"),
        ("elephant", "大象"),
        ("monkey", "猴子"),
        ("bear", "熊"),
        ("wolf", "狼"),
        ("fox", "狐狸"),
        ("mouse", "老鼠"),
        ("snake", "蛇"),
        ("frog", "青蛙"),
        ("panda", "熊猫"),
        ("turtle", "乌龟"),
        ("whale", "鲸鱼"),
    ],
    ("bird", "鸟"): [
        ("duck", "鸭子"),
        ("goose", "鹅"),
        ("eagle", "鹰"),
        ("owl", "猫头鹰"),
        ("parrot", "鹦鹉"),
        ("swan", "天鹅"),
        ("pigeon", "鸽子"),
        ("sparrow", "麻雀"),
    ],
    ("colour", "颜色"): [
        ("red", "红色"),
        ("blue", "蓝色"),
        ("green", "绿色"),
        ("yellow", "黄色"),
        ("white", "白色"),
        ("black", "黑色"),
        ("purple", "紫色"),
        ("brown", "棕色"),
        ("grey", "灰色"),
        ("pink", "粉色"),
    ],
    ("drink", "饮料"): [
        ("water", "水"),
        ("tea", "茶"),
        ("coffee", "咖啡"),
        ("milk", "牛奶"),
        ("juice", "果汁"),
        ("lemonade", "柠檬水"),
        ("cocoa", "可可"),
    ],
    ("food", "食物"): [
        ("bread", "面包"),
        ("rice", "米饭"),
        ("noodles", "面条"),
        ("soup", "汤"),
        ("egg", "鸡蛋"),
        ("cheese", "奶酪"),
        ("cake", "蛋糕"),
        ("salad", "沙拉"),
        ("dumpling", "饺子"),
    ],
    ("piece of clothing", "衣物"): [
        ("shirt", "衬衫"),
        ("coat", "外套"),
        ("hat", "帽子"),
        ("sock", "袜子"),
        ("shoe", "鞋子"),
        ("scarf", "围巾"),
        ("glove", "手套"),
        ("skirt", "裙子"),
        ("sweater", "毛衣"),
    ],
    ("piece of furniture", "家具"): [
        ("table", "桌子"),
        ("chair", "椅子"),
        ("bed", "床"),
        ("sofa", "沙发"),
        ("desk", "书桌"),
        ("wardrobe", "衣柜"),
        ("shelf", "架子"),
    ],
    ("tool", "工具"): [
        ("hammer", "锤子"),
        ("saw", "锯子"),
        ("screwdriver", "螺丝刀"),
        ("ladder", "梯子"),
        ("needle", "针"),
        ("scissors", "剪刀"),
        ("shovel", "铲子"),
    ],
    ("vehicle", "交通工具"): [
        ("car", "汽车"),
        ("bus", "公共汽车"),
        ("train", "火车"),
        ("bicycle", "自行车"),
        ("plane", "飞机"),
        ("boat", "船"),
        ("ship", "轮船"),
        ("subway", "地铁"),
        ("taxi", "出租车"),
    ],
    ("job", "职业"): [
        ("teacher", "老师"),
        ("nurse", "护士"),
        ("cook", "厨师"),
        ("farmer", "农民"),
        ("driver", "司机"),
        ("painter", "画家"),
        ("singer", "歌手"),
        ("writer", "作家"),
        ("baker", "面包师"),
        ("engineer", "工程师"),
    ],
    ("sport", "运动"): [
        ("football", "足球"),
        ("basketball", "篮球"),
        ("tennis", "网球"),
        ("swimming", "游泳"),
        ("running", "跑步"),
        ("skiing", "滑雪"),
        ("badminton", "羽毛球"),
        ("cycling", "骑车"),
    ],
    ("instrument", "乐器"): [
        ("piano", "钢琴"),
        ("violin", "小提琴"),
        ("guitar", "吉他"),
        ("drum", "鼓"),
        ("flute", "笛子"),
        ("trumpet", "小号"),
    ],
    ("part of the body", "身体部位"): [
        ("hand", "手"),
        ("foot", "脚"),
        ("eye", "眼睛"),
        ("ear", "耳朵"),
        ("nose", "鼻子"),
        ("mouth", "嘴"),
        ("arm", "胳膊"),
        ("leg", "腿"),
        ("head", "头"),
        ("finger", "手指"),
    ],
    ("flower", "花"): [
        ("rose", "玫瑰"),
        ("tulip", "郁金香"),
        ("lily", "百合"),
        ("sunflower", "向日葵"),
        ("daisy", "雏菊"),
        ("lotus", "荷花"),
    ],
    ("thing in nature", "自然事物"): [
        ("sun", "太阳"),
        ("moon", "月亮"),
        ("star", "星星"),
        ("cloud", "云"),
        ("rain", "雨"),
        ("snow", "雪"),
        ("wind", "风"),
        ("river", "河"),
        ("lake", "湖"),
        ("mountain", "山"),
        ("sea", "海"),
        ("tree", "树"),
        ("stone", "石头"),
    ],
    ("thing in a school", "学校用品"): [
        ("book", "书"),
        ("pen", "钢笔"),
        ("pencil", "铅笔"),
        ("paper", "纸"),
        ("ruler", "尺子"),
        ("eraser", "橡皮"),
        ("schoolbag", "书包"),
        ("blackboard", "黑板"),
    ],
}
MORE_WORDS = [
    ("friend", "朋友"),
    ("family", "家庭"),
    ("mother", "妈妈"),
    ("father", "爸爸"),
    ("brother", "兄弟"),
    ("sister", "姐妹"),
    ("house", "房子"),
    ("door", "门"),
    ("window", "窗户"),
    ("kitchen", "厨房"),
    ("garden", "花园"),
    ("school", "学校"),
    ("hospital", "医院"),
    ("shop", "商店"),
    ("city", "城市"),
    ("road", "路"),
    ("bridge", "桥"),
    ("time", "时间"),
    ("today", "今天"),
    ("tomorrow", "明天"),
    ("yesterday", "昨天"),
    ("morning", "早上"),
    ("evening", "晚上"),
    ("year", "年"),
    ("happy", "高兴"),
    ("sad", "难过"),
    ("tired", "累"),
    ("hungry", "饿"),
    ("big", "大"),
    ("small", "小"),
    ("fast", "快"),
    ("slow", "慢"),
    ("hot", "热"),
    ("cold", "冷"),
    ("new", "新"),
    ("old", "旧"),
    ("love", "爱"),
    ("thank you", "谢谢"),
    ("hello", "你好"),
    ("goodbye", "再见"),
    ("sorry", "对不起"),
    ("please", "请"),
    ("work", "工作"),
    ("money", "钱"),
    ("music", "音乐"),
    ("film", "电影"),
    ("letter", "信"),
    ("picture", "图片"),
    ("computer", "电脑"),
    ("telephone", "电话"),
    ("spring", "春天"),
    ("summer", "夏天"),
    ("autumn", "秋天"),
    ("winter", "冬天"),
    ("birthday", "生日"),
    ("holiday", "假期"),
]
OPPOSITES = {
    "en": [
        ("hot", "cold"),
        ("big", "small"),
        ("fast", "slow"),
        ("happy", "sad"),
        ("old", "young"),
        ("high", "low"),
        ("long", "short"),
        ("light", "dark"),
        ("full", "empty"),
        ("hard", "soft"),
        ("wet", "dry"),
        ("open", "closed"),
        ("early", "late"),
        ("rich", "poor"),
        ("strong", "weak"),
        ("clean", "dirty"),
        ("near", "far"),
        ("loud", "quiet"),
        ("easy", "difficult"),
        ("up", "down"),
        ("left", "right"),
        ("day", "night"),
        ("thick", "thin"),
        ("heavy", "light"),
        ("sweet", "bitter"),
        ("begin", "end"),
        ("buy", "sell"),
        ("love", "hate"),
        ("win", "lose"),
        ("before", "after"),
    ],
    "zh": [
        ("热", "冷"),
        ("大", "小"),
        ("快", "慢"),
        ("高兴", "难过"),
        ("高", "低"),
        ("长", "短"),
        ("亮", "暗"),
        ("满", "空"),
        ("硬", "软"),
        ("湿", "干"),
        ("开", "关"),
        ("早", "晚"),
        ("富", "穷"),
        ("强", "弱"),
        ("干净", "脏"),
        ("近", "远"),
        ("吵闹", "安静"),
        ("容易", "困难"),
        ("上", "下"),
        ("左", "右"),
        ("白天", "黑夜"),
        ("厚", "薄"),
        ("重", "轻"),
        ("甜", "苦"),
        ("开始", "结束"),
        ("买", "卖"),
        ("爱", "恨"),
        ("赢", "输"),
        ("前", "后"),
        ("新", "旧"),
    ],
}
SENTENCES = {
    "en": [
        "The sky is blue",
        "I like warm bread",
        "We walk in the park",
        "My sister reads a book",
        "The train is late",
        "Tea is hot",
        "Birds sing in the morning",
        "The cat sleeps on the sofa",
        "It will rain soon",
        "Dinner is ready",
        "The garden is green",
        "He plays the piano",
    ],
    "zh": [
        "天空是蓝色的",
        "我喜欢热面包",
        "我们在公园散步",
        "妹妹在看书",
        "火车晚点了",
        "茶很热",
        "早上鸟儿在唱歌",
        "猫在沙发上睡觉",
        "快要下雨了",
        "晚饭做好了",
        "花园很绿",
        "他会弹钢琴",
    ],
}
HAPPY = {
    "en": [
        "I won the game today",
        "The sun is shining and I feel great",
        "My friend gave me a present",
        "I passed my exam",
        "We had so much fun at the beach",
        "I love my new job",
        "My cake turned out perfect",
        "She laughed all evening",
    ],
    "zh": [
        "我今天赢了比赛",
        "阳光真好，我心情很棒",
        "朋友送了我一份礼物",
        "我考试及格了",
        "我们在海边玩得很开心",
        "我很喜欢我的新工作",
        "我做的蛋糕特别成功",
        "她笑了一晚上",
    ],
}
SAD = {
    "en": [
        "I lost my keys again",
        "My dog is ill",
        "Nobody came to my party",
        "I failed the test",
        "It rained on our only free day",
        "I miss my old home",
        "My best friend moved away",
        "He cried all night",
    ],
    "zh": [
        "我又把钥匙丢了",
        "我的狗生病了",
        "没有人来我的聚会",
        "我考试没及格",
        "唯一的休息日却下雨了",
        "我很想念以前的家",
        "我最好的朋友搬走了",
        "他哭了一夜",
    ],
}


def skills(seed: int) -> list[Turns]:
    """A few thousand exercises in both languages, seeded."""
    rng = random.Random(seed)
    made: list[Turns] = []
    for maker, count in _MAKERS:
        made += [maker(rng) for _ in range(count)]
    return list({str(turns): turns for turns in made}.values())


def _talk(question: str, answer: str, system: str | None = None) -> Turns:
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return [{"role": "system", "content": system}, *turns] if system else turns


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _sum(rng: random.Random) -> Turns:
    first, second = rng.randint(0, 20), rng.randint(0, 12)
    plus = rng.random() < 0.6
    if not plus:
        first, second = max(first, second), min(first, second)
    total = first + second if plus else first - second
    sign = "+" if plus else "-"
    if rng.random() < 0.5:
        word = "plus" if plus else "minus"
        ask = rng.choice(
            [
                f"What is {first} {sign} {second}?",
                f"What is {first} {word} {second}?",
                f"{first} {sign} {second} = ?",
                f"How much is {first} {word} {second}?",
                f"Calculate {first} {sign} {second}.",
                f"Can you work out {first} {word} {second}?",
            ]
        )
        if rng.random() < 0.2:
            return _talk(ask, str(total), rng.choice(["Answer with the number only.", "Only give the number."]))
        return _talk(ask, f"{first} {word} {second} is {total}.")
    word = "加" if plus else "减"
    ask = rng.choice(
        [
            f"{first}{word}{second}等于多少？",
            f"{first} {sign} {second} 等于几",
            f"{first}{sign}{second}=?",
            f"请算一下{first}{word}{second}",
            f"{first}{word}{second}是多少？",
        ]
    )
    if rng.random() < 0.2:
        return _talk(ask, str(total), "只回答数字。")
    return _talk(ask, f"{first}{word}{second}等于{total}。")


def _pair(rng: random.Random) -> tuple[str, str]:
    every = [pair for pairs in WORDS.values() for pair in pairs] + MORE_WORDS
    return rng.choice(every)


TRANSLATIONS = (
    (
        (
            "How do you say '{english}' in Chinese?",
            "Translate '{english}' into Chinese.",
            "What is {english} in Chinese?",
            "What's the Chinese word for {english}?",
            "{english} in Chinese, please",
        ),
        "'{english}' in Chinese is {chinese}.",
    ),
    (
        (
            "{english}用中文怎么说？",
            "请把{english}翻译成中文",
            "{english}是什么意思？",
            "{english} 的中文是什么",
            "英文{english}中文叫什么？",
        ),
        "{english}的中文是“{chinese}”。",
    ),
    (
        (
            "{chinese}用英文怎么说？",
            "请把“{chinese}”翻译成英文",
            "{chinese}的英文是什么",
            "“{chinese}”英语怎么讲？",
            "{chinese}英文叫什么？",
        ),
        "“{chinese}”的英文是 {english}。",
    ),
    (
        (
            "What does {chinese} mean?",
            "Translate {chinese} into English.",
            "What is {chinese} in English?",
            "How do you say {chinese} in English?",
        ),
        "{chinese} means '{english}' in English.",
    ),
)


def _translate(rng: random.Random) -> Turns:
    english, chinese = _pair(rng)
    ask, answer = rng.choice([(rng.choice(wordings), answer) for wordings, answer in TRANSLATIONS])
    return _talk(*(text.format(english=english, chinese=chinese) for text in (ask, answer)))


def _list(rng: random.Random) -> Turns:
    (english, chinese), pairs = rng.choice(list(WORDS.items()))
    count = rng.choice([2, 3, 3, 3, 4])
    chosen = rng.sample(pairs, min(count, len(pairs)))
    if rng.random() < 0.5:
        number = {2: "two", 3: "three", 4: "four"}[len(chosen)]
        plural = {
            "piece of clothing": "pieces of clothing",
            "piece of furniture": "pieces of furniture",
            "part of the body": "parts of the body",
            "thing in nature": "things in nature",
            "thing in a school": "things in a school",
        }.get(english, english + "s")
        ask = rng.choice(
            [
                f"Name {number} {plural}.",
                f"List {number} {plural}",
                f"Can you name {number} {plural}?",
                f"Tell me {number} {plural}.",
                f"Give me {number} {plural}, please.",
            ]
        )
        names = [word for word, _ in chosen]
        return _talk(ask, f"{number.capitalize()} {plural} are {', '.join(names[:-1])} and {names[-1]}.")
    number = {2: "两", 3: "三", 4: "四"}[len(chosen)]
    ask = rng.choice(
        [
            f"说出{number}种{chinese}",
            f"请列举{number}种{chinese}。",
            f"你能说{number}种{chinese}吗？",
            f"给我举{number}个{chinese}的例子",
            f"告诉我{number}种{chinese}",
        ]
    )
    return _talk(ask, f"{number}种{chinese}：{'、'.join(word for _, word in chosen)}。")


def _classify(rng: random.Random) -> Turns:
    (english, chinese), pairs = rng.choice(list(WORDS.items()))
    other_english, other_chinese = rng.choice([pair for pair in WORDS if pair != (english, chinese)])
    word, character = rng.choice(pairs)
    if rng.random() < 0.5:
        options = [english, other_english]
        rng.shuffle(options)
        subject = word.capitalize()
        ask = rng.choice(
            [
                f"Is '{word}' {_a(options[0])} or {_a(options[1])}?",
                f"What kind of thing is '{word}', {_a(options[0])} or {_a(options[1])}?",
                f"Classify the word '{word}': {options[0]} or {options[1]}?",
            ]
        )
        if rng.random() < 0.2:
            return _talk(ask, english, "Answer in one word." if " " not in english else "Answer as briefly as you can.")
        return _talk(ask, f"{subject} is {_a(english)}.")
    options = [chinese, other_chinese]
    rng.shuffle(options)
    ask = rng.choice(
        [
            f"{character}是{options[0]}还是{options[1]}？",
            f"请问{character}属于{options[0]}还是{options[1]}",
            f"把“{character}”归类：{options[0]}或{options[1]}",
        ]
    )
    if rng.random() < 0.2:
        return _talk(ask, chinese, "只用一个词回答。")
    return _talk(ask, f"{character}是{chinese}。")


def _mood(rng: random.Random) -> Turns:
    language, happy = rng.choice(["en", "zh"]), rng.random() < 0.5
    sentence = rng.choice((HAPPY if happy else SAD)[language])
    if language == "en":
        ask = rng.choice(
            [
                f"Is this sentence happy or sad: {sentence}.",
                f"Happy or sad? '{sentence}'",
                f"Classify the mood: {sentence}.",
                f"Does this sound happy or sad: '{sentence}'?",
            ]
        )
        return _talk(ask, f"This sentence is {'happy' if happy else 'sad'}.")
    ask = rng.choice(
        [
            f"这句话是高兴还是难过：{sentence}。",
            f"判断情绪，高兴或难过：{sentence}",
            f"“{sentence}”表达的是高兴还是难过？",
        ]
    )
    return _talk(ask, f"这句话的情绪是{'高兴' if happy else '难过'}。")


def _opposite(rng: random.Random) -> Turns:
    language = rng.choice(["en", "zh"])
    first, second = rng.choice(OPPOSITES[language])
    if language == "en":
        ask = rng.choice(
            [
                f"What is the opposite of {first}?",
                f"Give me the opposite of '{first}'.",
                f"opposite of {first}",
                f"Which word means the opposite of {first}?",
            ]
        )
        return _talk(ask, f"The opposite of {first} is {second}.")
    ask = rng.choice(
        [f"“{first}”的反义词是什么？", f"{first}的反义词", f"请说出“{first}”的反义词", f"和“{first}”相反的词是什么？"]
    )
    return _talk(ask, f"“{first}”的反义词是“{second}”。")


def _bigger(rng: random.Random) -> Turns:
    first, second = rng.sample(range(100), 2)
    big, small = max(first, second), min(first, second)
    want_big = rng.random() < 0.6
    if rng.random() < 0.5:
        ask = rng.choice(
            [
                f"Which is {'bigger' if want_big else 'smaller'}, {first} or {second}?",
                f"Is {first} or {second} {'larger' if want_big else 'smaller'}?",
            ]
        )
        return _talk(ask, f"{big} is bigger than {small}." if want_big else f"{small} is smaller than {big}.")
    ask = rng.choice(
        [
            f"{first}和{second}哪个更{'大' if want_big else '小'}？",
            f"{first}和{second}，哪个{'大' if want_big else '小'}",
        ]
    )
    return _talk(ask, f"{big}比{small}大。" if want_big else f"{small}比{big}小。")


def _copy(rng: random.Random) -> Turns:
    language = rng.choice(["en", "zh"])
    words = [pair[0 if language == "en" else 1] for pair in (_pair(rng), _pair(rng), _pair(rng))]
    sentence = rng.choice(SENTENCES[language])
    if language == "en":
        return rng.choice(
            [
                _talk(rng.choice([f"Repeat after me: {sentence}.", f"Say this: {sentence}."]), f"{sentence}."),
                _talk(
                    rng.choice([f"Write in capital letters: {sentence}.", f"Put this in capitals: {sentence}."]),
                    f"{sentence.upper()}.",
                ),
                _talk(
                    f"Make a list of these words: {' '.join(words)}",
                    f"The words are {words[0]}, {words[1]} and {words[2]}.",
                ),
            ]
        )
    return rng.choice(
        [
            _talk(rng.choice([f"请跟我说：{sentence}。", f"重复这句话：{sentence}。"]), f"{sentence}。"),
            _talk(f"把这几个词列出来：{' '.join(words)}", f"这几个词是：{'、'.join(words)}。"),
        ]
    )


_MAKERS: list[tuple[Callable[[random.Random], Turns], int]] = [
    (_sum, 2600),
    (_translate, 3200),
    (_list, 1600),
    (_classify, 1600),
    (_mood, 240),
    (_opposite, 480),
    (_bigger, 800),
    (_copy, 500),
]
