// Prints what String.prototype.normalize does with every code point, alone and next to combining
// marks, as JSON lines: [code point, [NFD, NFKD, NFC, NFKC, NFD before U+0338, NFD after U+0345]].
const below = "\u0338";
const above = "\u0345";
for (let code = 0; code < 0x110000; code++) {
  if (code >= 0xd800 && code < 0xe000) continue;
  const char = String.fromCodePoint(code);
  const alone = ["NFD", "NFKD", "NFC", "NFKC"].map((form) => char.normalize(form));
  const ordered = [char + below, above + char].map((text) => text.normalize("NFD"));
  console.log(JSON.stringify([code, [...alone, ...ordered]]));
}
