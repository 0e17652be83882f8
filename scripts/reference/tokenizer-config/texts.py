"""Corner-case texts on which tokenizers are compared; the vocabularies are trained on them too."""

SENTENCES = """\
Hello World, this is a Test of tokenizers.
The QUICK brown fox jumps over the lazy dog; 12,345.67 times!
Ünïcödé strings: café, Café, CAFÉ, naïve, Straße, STRASSE, İstanbul, ISTANBUL.
Ça va? Où êtes-vous? L'été, c'est déjà fini. Les œuvres complètes.
Größe und Übermut tun selten gut. Äpfel, Öl, Übung.
Привет, мир! Ёлка и ёжик. Съешь ещё этих мягких французских булок.
ΑΒΓ ΟΔΥΣΣΕΥΣ οδυσσεύς Σίσυφος.
中文字符测试。你好，世界！
日本語のテスト。カタカナ、ガギグゲゴ。
한국어 시험 문장입니다.
العربية: مرحبا بالعالم. עברית: שלום עולם.
हिन्दी: नमस्ते दुनिया. ไทย: สวัสดีชาวโลก
Tiếng Việt: Xin chào thế giới, đường phố.
don't can't won't it's I'm we've they'll you'd
user@example.com https://example.com/path?q=1&r=2#frag
snake_case camelCase kebab-case C++ C# .NET node.js
def f(x): return x**2 + 3*x - 1  # comment
😀 👍🏽 👨‍👩‍👧‍👦 🇩🇪 ❤️ ☺
½ ² ③ Ⅷ ﬁ ﬀ ｆｕｌｌ ｗｉｄｔｈ ＡＢＣ
""".splitlines()

CORNERS = [
    "", " ", "   ", "a", " a", "a ", "  a  b  ", "\t\n\r", "a\tb\nc\r\nd", "a\u00a0b\u3000c\u2003d", "a\u0085b", "\ufeffa",
    "a\u200bb\u200dc", "A", "ABC abc Abc", "AbC" * 12, "x" * 101, "y" * 40 + " z",
    "[CLS]", "[SEP]", "[cls]", "[MASK]", "a [MASK] b", "a[MASK]b", " [MASK] ", "[PAD] [UNK]", "hello [SEP] world",
    "<s>", "</s>", "<pad>", "<unk>", "<mask>", "a <mask> b", "a<mask>b", "  <mask>  ", "<s>hello</s>", "<S> <MASK>",
    "<|endoftext|>", "a<|endoftext|>b", "<s>NOTUSED", "</s>NOTUSED <unk>NOTUSED", "NOTUSED",
    "<extra>", "a <extra> b", "A <EXTRA> B", "<Extra>", "newword", "Newword NEWWORD", "a newword b", "newwords prenewword",
    "<one>", "<two> <ONE>", "<unused0>", "[unused1]", "<fim>", "end<fim>end", "ßtoken", "SStoken",
    "e\u0301 E\u0301 é É", "o\u0308\u0323", "\u0130\u0131 iI", "\ufb01\ufb02", "ΣΑΣ ΟΣ", "ẞß", "ǅ ǆ Ǆ",
    "中", "a中b", "中中", "\U00020000x\U0002a700", "豈\uf900", "你 好", "カ\u3099 ガ",
    "\x00\x01\x02", "a\x00b", "\ufffd", "\u0301", "a\u0300\u0301\u0302", "...", "!?.,;:", "a.b,c!d", "«a» “b” ‘c’", "—–-_",
    "1 2 3", "1234567890", "3.14 1,000", "１２３", "①②", "\u2028\u2029", "the the the", "THE the The",
    "query: Hello", "passage: Bonjour le monde", "hello.World", "Hello,World", "it's", "IT'S", "\u2019s", "  lead", "trail  ",
    "é" * 20, "Été " * 5, "Zürich ZÜRICH zürich", "\u1e9e", "ﷺ", "№ ™ ®", "x\u0327", "ｱｲｳ", "㍿ ㌔",
]

TEXTS = CORNERS + SENTENCES
