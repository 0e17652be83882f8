"""Random texts of characters that tokenizers treat specially."""

import random

CORNERS = [
    *"abcdefgstxyzABCKS0123456789",
    *"  \t\n\r\v\f'\"!#$%&()*+,-./:;<=>?@[\\]^_`{|}~",
    *"\0\x01\x0b\x0e\x1b\x1c\x1f\x7f\x80\x85\x8f\x9f\xa0\xad",
    *"\u1680\u180e\u2000\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202f\u205f\u2060\u3000\ufeff\ufffd\ufffc",
    *"\u0300\u0301\u0308\u0323\u0327\u0338\u0345\u05b0\u0610\u0903\u093c\u094d\u0c3c\u0d00\u0d3b\u1ab0\u1df6\u20d0\u3099\ufe0f\ufe20",
    *"\u0600\u06dd\u070f\u08e2\u0d4e\U000110bd\U000110cd\U0001193f",
    *"éèüñçåÅøØœŒßẞſKİıŉǰΐΰﬁﬀﬃﬅﬆ'’´¨¯¸",
    *"ΑΣςσΩ\u1f00\u1f80\u1fb3АБВгдёйЁЙԱաև",
    *"ｆｕＬＬ１２！　ｶﾞﾊﾟカガハパーｰ々〆〇",
    *"中文字漢\u3400\u4dbf\u9fff\uf900\ufa0e\U00020000\U0002b81f\U0002b820\U0002b91f\U0002b920\U0002f800\U00030000",
    *"가각힣각\ua960\ud7b0\ud7cb한국어",
    *"कखिक्षাক\u09cdকనమസ్తేไทยสำคืמָשלום\u0640سلامئ",
    *"²³¹¼½¾①Ⅷⅷ㊗㍿٣۵०௧๓\U0001d7ce\U0001d400\U00010100",
    *"¡§«»¿‐–—…‘’“”、。「」・\u061d\u2e43\u2e52\u058a\u1400",
    *"€£¥^°±×÷√∞→©®™★♥",
    *"👩👨🏽👍❤🇩🇪🇫\U0001f469\u200d\U0001f4bb\U000e0067\U000e007f\u20e3",
    *"▁Ġ\uE000\uF8FF\U000F0000\U0010FFFF\u0378\u0870\u0897\U0001e08f\U00010d69\U000105d2\u0307\U000105c9\U00011935\U00011930\U000105da\U00016d67\U0001611e",
    *"\u1c89\ua7cb\ua7cc\ua7dc\U00010d50\U00016ea0Ꭰꭰა\u1c90Ⴀⴀǅǆ",
]
WORDS = ["the", "don't", "we'll", " word", "ABC", "123", "1234", "\r\n", "  ", "\n\n", "a-b", "ss", "st", "ffi", "'S", "'ll"]


def random_text(rng: random.Random) -> str:
    """Up to 24 characters: most are corner cases, some come from everywhere, and some are words."""
    parts = []
    mix = rng.random()
    for _ in range(rng.randint(0, 24)):
        kind = rng.random()
        if kind < 0.75:
            parts.append(rng.choice(CORNERS))
        elif kind < 0.9:
            parts.append(rng.choice(WORDS) if mix < 0.7 else rng.choice("abc  12.,"))
        else:
            c = rng.choice([rng.randrange(0x3000), rng.randrange(0x20000), rng.randrange(0x110000)])
            parts.append(chr(c if not 0xD800 <= c < 0xE000 else 0x61))
    return "".join(parts)
