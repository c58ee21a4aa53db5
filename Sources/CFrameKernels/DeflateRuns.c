#include "CFrameKernels.h"

#include <string.h>

// A token below 256 is a literal; from 256 on it is a run: 256 + its length, 3 to 258 bytes.
enum { LITERALS = 256, LONGEST = 258, SHORTEST = 3, TOKENS = LITERALS + LONGEST + 1 };
enum { END = 256, SYMBOLS = 286, LENGTH_SYMBOLS = 19, DEEPEST = 15, LENGTH_DEEPEST = 7 };

// RFC 1951, 3.2.5: the shortest run of each length symbol from 257 on, and its extra bits.
static const uint16_t length_base[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19, 23, 27,
                                         31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t length_extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                         2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};

typedef struct {
  uint32_t bits;
  uint32_t length;
} code;

// ---- Tokens

// The number of bytes from `from` on, `limit` at most, that equal `value`.
static size_t run_length(const uint8_t *from, size_t limit, uint8_t value) {
  const uint64_t pattern = 0x0101010101010101u * value;
  size_t length = 0;
  while (limit - length >= 8) {
    uint64_t word;
    memcpy(&word, from + length, 8);
    word ^= pattern;
    if (word != 0) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
      return length + (size_t)__builtin_clzll(word) / 8;
#else
      return length + (size_t)__builtin_ctzll(word) / 8;
#endif
    }
    length += 8;
  }
  while (length < limit && from[length] == value) length++;
  return length;
}

static size_t tokenize(
    const uint8_t *bytes, size_t count, uint16_t *tokens, uint32_t frequency[TOKENS]) {
  size_t written = 0;
  size_t at = 0;
  while (at < count) {
    if (at > 0 && bytes[at] == bytes[at - 1]) {
      size_t limit = count - at < LONGEST ? count - at : LONGEST;
      size_t length = run_length(bytes + at, limit, bytes[at - 1]);
      if (length >= SHORTEST) {
        tokens[written++] = (uint16_t)(LITERALS + length);
        frequency[LITERALS + length]++;
        at += length;
        continue;
      }
    }
    tokens[written++] = bytes[at];
    frequency[bytes[at]]++;
    at++;
  }
  return written;
}

// ---- Codes

// Code lengths of at most `deepest` bits for symbols by frequency; unused symbols get 0.
//
// Lengths are those of Huffman's tree; where it is too deep, leaves are moved up until Kraft's sum
// fits, the rarest first.
static void code_lengths(
    const uint32_t *frequency, int symbols, int deepest, uint8_t *lengths) {
  int order[SYMBOLS];
  int used = 0;
  memset(lengths, 0, (size_t)symbols);
  for (int s = 0; s < symbols; s++) {
    if (frequency[s] == 0) continue;
    int at = used++;
    while (at > 0 && frequency[order[at - 1]] > frequency[s]) {
      order[at] = order[at - 1];
      at--;
    }
    order[at] = s;
  }
  if (used == 0) return;
  if (used == 1) {
    lengths[order[0]] = 1;
    return;
  }
  // Two queues in order of weight: leaves, and inner nodes as they are made.
  uint64_t weight[2 * SYMBOLS];
  int parent[2 * SYMBOLS];
  int depth[2 * SYMBOLS];
  for (int i = 0; i < used; i++) weight[i] = frequency[order[i]];
  int leaf = 0, inner = used, nodes = used;
  while (nodes < 2 * used - 1) {
    int child[2];
    for (int c = 0; c < 2; c++) {
      child[c] = leaf < used && (inner >= nodes || weight[leaf] <= weight[inner]) ? leaf++ : inner++;
    }
    weight[nodes] = weight[child[0]] + weight[child[1]];
    parent[child[0]] = parent[child[1]] = nodes;
    nodes++;
  }
  depth[nodes - 1] = 0;
  uint64_t kraft = 0;
  for (int i = nodes - 2; i >= 0; i--) {
    depth[i] = depth[parent[i]] + 1;
    if (i >= used) continue;
    int length = depth[i] < deepest ? depth[i] : deepest;
    lengths[order[i]] = (uint8_t)length;
    kraft += 1u << (deepest - length);
  }
  // Too many short codes: lengthen the rarest symbol that still can be.
  while (kraft > 1u << deepest) {
    for (int i = 0; i < used && kraft > 1u << deepest; i++) {
      uint8_t *length = &lengths[order[i]];
      if (*length < deepest) {
        (*length)++;
        kraft -= 1u << (deepest - *length);
      }
    }
  }
  // Room that is left: shorten the commonest symbols that fit into it.
  for (int i = used - 1; i >= 0; i--) {
    uint8_t *length = &lengths[order[i]];
    while (*length > 1 && kraft + (1u << (deepest - *length)) <= 1u << deepest) {
      kraft += 1u << (deepest - *length);
      (*length)--;
    }
  }
}

// Canonical codes (RFC 1951, 3.2.2), bits reversed because they are written from the lowest on.
static void canonical_codes(const uint8_t *lengths, int symbols, code *codes) {
  uint32_t next[DEEPEST + 2] = {0};
  uint32_t count[DEEPEST + 1] = {0};
  for (int s = 0; s < symbols; s++) count[lengths[s]]++;
  count[0] = 0;
  for (int length = 1; length <= DEEPEST; length++) {
    next[length + 1] = (next[length] + count[length]) << 1;
  }
  for (int s = 0; s < symbols; s++) {
    uint32_t bits = lengths[s] ? next[lengths[s]]++ : 0;
    uint32_t reversed = 0;
    for (int i = 0; i < lengths[s]; i++) reversed |= ((bits >> i) & 1) << (lengths[s] - 1 - i);
    codes[s] = (code){reversed, lengths[s]};
  }
}

static int length_symbol(size_t length) {
  int symbol = 28;
  while (length_base[symbol] > length) symbol--;
  return symbol;
}

// ---- Output

typedef struct {
  uint8_t *at, *end;
  uint64_t bits;
  uint32_t held;
} bit_writer;

static inline void put(bit_writer *to, uint32_t bits, uint32_t length) {
  to->bits |= (uint64_t)bits << to->held;
  to->held += length;
  if (to->held < 32) return;
  for (int i = 0; i < 4; i++) to->at[i] = (uint8_t)(to->bits >> (8 * i));
  to->at += 4;
  to->bits >>= 32;
  to->held -= 32;
}

// The lengths of both codes as symbols of the code for lengths, with their extra bits.
static int run_lengths(const uint8_t *lengths, int count, uint8_t *symbols, uint8_t *extra) {
  int written = 0;
  int at = 0;
  while (at < count) {
    int run = 1;
    while (at + run < count && lengths[at + run] == lengths[at]) run++;
    if (lengths[at] == 0 && run >= 3) {
      if (run > 138) run = 138;
      symbols[written] = run < 11 ? 17 : 18;
      extra[written++] = (uint8_t)(run - (run < 11 ? 3 : 11));
    } else {
      symbols[written] = lengths[at];
      extra[written++] = 0;
      int left = run - 1;
      while (left >= 3) {
        int repeated = left > 6 ? 6 : left;
        symbols[written] = 16;
        extra[written++] = (uint8_t)(repeated - 3);
        left -= repeated;
      }
      run -= left;
    }
    at += run;
  }
  return written;
}

static uint32_t length_extra_bits(int symbol) {
  return symbol == 16 ? 2 : symbol == 17 ? 3 : symbol == 18 ? 7 : 0;
}

size_t cframe_deflate_runs(
    const uint8_t *bytes, size_t count, uint16_t *tokens, uint8_t *out, size_t room) {
  uint32_t token_frequency[TOKENS] = {0};
  size_t token_count = tokenize(bytes, count, tokens, token_frequency);

  uint32_t frequency[SYMBOLS] = {0};
  memcpy(frequency, token_frequency, LITERALS * sizeof *frequency);
  frequency[END] = 1;
  for (size_t length = SHORTEST; length <= LONGEST; length++) {
    frequency[257 + length_symbol(length)] += token_frequency[LITERALS + length];
  }
  uint8_t lengths[SYMBOLS + 1];
  code codes[SYMBOLS];
  code_lengths(frequency, SYMBOLS, DEEPEST, lengths);
  canonical_codes(lengths, SYMBOLS, codes);

  // One bit for the only distance, 1.
  int literals = SYMBOLS;
  while (literals > 257 && lengths[literals - 1] == 0) literals--;
  lengths[literals] = 1;
  uint8_t symbols[SYMBOLS + 1], extra[SYMBOLS + 1];
  int symbol_count = run_lengths(lengths, literals + 1, symbols, extra);
  uint32_t length_frequency[LENGTH_SYMBOLS] = {0};
  for (int i = 0; i < symbol_count; i++) length_frequency[symbols[i]]++;
  uint8_t length_lengths[LENGTH_SYMBOLS];
  code length_codes[LENGTH_SYMBOLS];
  code_lengths(length_frequency, LENGTH_SYMBOLS, LENGTH_DEEPEST, length_lengths);
  canonical_codes(length_lengths, LENGTH_SYMBOLS, length_codes);

  // What every token is written as.
  code token_codes[TOKENS];
  uint64_t bits = 0;
  for (int token = 0; token < LITERALS; token++) token_codes[token] = codes[token];
  for (size_t length = SHORTEST; length <= LONGEST; length++) {
    int symbol = length_symbol(length);
    code c = codes[257 + symbol];
    c.bits |= (uint32_t)(length - length_base[symbol]) << c.length;
    c.length += length_extra[symbol] + 1u;
    token_codes[LITERALS + length] = c;
  }
  for (int token = 0; token < TOKENS; token++) {
    if (token_frequency[token]) bits += (uint64_t)token_frequency[token] * token_codes[token].length;
  }
  // The header takes less than 400 bytes; the writer stores four bytes at a time.
  if (bits / 8 + 512 > room) return 0;

  bit_writer to = {out, out + room, 0, 0};
  put(&to, 1, 1);  // the last block
  put(&to, 2, 2);  // with codes of its own
  static const uint8_t order[LENGTH_SYMBOLS] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                11, 4,  12, 3, 13, 2, 14, 1, 15};
  int stored = LENGTH_SYMBOLS;
  while (stored > 4 && length_lengths[order[stored - 1]] == 0) stored--;
  put(&to, (uint32_t)(literals - 257), 5);
  put(&to, 0, 5);
  put(&to, (uint32_t)(stored - 4), 4);
  for (int i = 0; i < stored; i++) put(&to, length_lengths[order[i]], 3);
  for (int i = 0; i < symbol_count; i++) {
    put(&to, length_codes[symbols[i]].bits, length_codes[symbols[i]].length);
    put(&to, extra[i], length_extra_bits(symbols[i]));
  }
  for (size_t i = 0; i < token_count; i++) {
    put(&to, token_codes[tokens[i]].bits, token_codes[tokens[i]].length);
  }
  put(&to, codes[END].bits, codes[END].length);
  while (to.held > 0) {
    *to.at++ = (uint8_t)to.bits;
    to.bits >>= 8;
    to.held = to.held > 8 ? to.held - 8 : 0;
  }
  return (size_t)(to.at - out);
}
