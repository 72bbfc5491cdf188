// Stochastic gradient descent on one small network, vectorized by hand: how fast can this be at all?
//
// `bpviz bench` compiles this file once for each network, with the network's shape as constants, and compares
// bpviz's kernels with it.  It does what they do at every step: batches in an order drawn anew for each epoch,
// forward, backward, update, and records of the loss, of every layer's gradient norm and of every node's mean
// delta and mean |delta|.  Unlike them it knows one network only, so the compiler can unroll all of it.
//
// A vector holds one number of WIDTH examples; a tile holds one number of a whole batch, in PARTS vectors.
//
// Constants that have to be given:
//   REAL          float or double
//   BATCH         examples a step
//   NODE_LAYERS   for each node but the inputs, in the order they compute: its layer, from 0
//   STARTS        for each of these nodes where its links begin in SOURCES; and the number of links
//   SOURCES       for each link the node it leaves: 0 ... INPUTS-1 are the inputs, then the others
//   INPUTS        how many inputs
//   OUTPUTS       how many of the last nodes are outputs
//   SOFTMAX       1: softmax with cross-entropy; 0: linear outputs with half the squared error
// Hidden nodes are tanh.

#include <cmath>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace {

using real = REAL;
using whole = std::conditional_t<sizeof(real) == 8, std::int64_t, std::int32_t>;

#ifdef __AVX512F__
constexpr int BYTES = 64;
#else
constexpr int BYTES = 32;
#endif
constexpr int WIDTH = BYTES / sizeof(real);
typedef real vec __attribute__((vector_size(BYTES)));
typedef whole bits __attribute__((vector_size(BYTES)));

constexpr int PARTS = (BATCH + WIDTH - 1) / WIDTH;
constexpr int LANES = PARTS * WIDTH;
struct tile {
    vec part[PARTS];
};

constexpr int LAYER[] = {NODE_LAYERS};
constexpr int START[] = {STARTS};
constexpr int SOURCE[] = {SOURCES};
constexpr int NODES = sizeof(LAYER) / sizeof(int);
constexpr int LAYERS = LAYER[NODES - 1] + 1;
constexpr int FIRST_OUTPUT = NODES - OUTPUTS;

// Parameters stand layer by layer, links before biases, each layer filled up to whole vectors, so that norms and
// updates need no remainders.

constexpr int first_node(int layer) {
    int node = 0;
    while (node < NODES && LAYER[node] < layer) ++node;
    return node;
}

constexpr int links_of(int layer) { return START[first_node(layer + 1)] - START[first_node(layer)]; }

constexpr int size_of(int layer) { return links_of(layer) + first_node(layer + 1) - first_node(layer); }

constexpr int begin_of(int layer) {
    int at = 0;
    for (int before = 0; before < layer; ++before) at += (size_of(before) + WIDTH - 1) / WIDTH * WIDTH;
    return at;
}

constexpr int PARAMETERS = begin_of(LAYERS);

constexpr int place_of_link(int node, int link) {
    return begin_of(LAYER[node]) + link - START[first_node(LAYER[node])];
}

constexpr int place_of_bias(int node) {
    return begin_of(LAYER[node]) + links_of(LAYER[node]) + node - first_node(LAYER[node]);
}

// Loops whose counter is a constant in every turn.

template <int... I, class Body>
inline __attribute__((always_inline)) void unroll(std::integer_sequence<int, I...>, Body&& body) {
    (body(std::integral_constant<int, I>{}), ...);
}

template <int COUNT, class Body>
inline __attribute__((always_inline)) void repeat(Body&& body) {
    unroll(std::make_integer_sequence<int, COUNT>{}, body);
}

// Functions without branches.

constexpr bool DOUBLE = sizeof(real) == 8;

inline vec select(bits condition, vec yes, vec no) { return condition ? yes : no; }

inline vec exp_of(vec x) {
    // 2^n e^r with |r| <= ln(2) / 2; e^r by its Taylor series, whose first term left out is below the rounding.
    constexpr real limit = DOUBLE ? real(700) : real(85);
    x = select(x > limit, vec{} + limit, select(x < -limit, vec{} - limit, x));
    constexpr real magic = DOUBLE ? real(6755399441055744.0) : real(12582912.0);  // 1.5 * 2^(digits - 1)
    vec shifted = x * real(1.4426950408889634074) + magic;
    vec n = shifted - magic;
    constexpr real high = DOUBLE ? real(6.93147180369123816490e-01) : real(0.693359375);
    constexpr real low = DOUBLE ? real(1.90821492927058770002e-10) : real(-2.12194440e-4);
    vec r = x - n * high - n * low;
    constexpr int terms = DOUBLE ? 13 : 7;
    constexpr real inverse[] = {real(1),         real(1),          real(1.0 / 2),      real(1.0 / 3),
                                real(1.0 / 4),   real(1.0 / 5),    real(1.0 / 6),      real(1.0 / 7),
                                real(1.0 / 8),   real(1.0 / 9),    real(1.0 / 10),     real(1.0 / 11),
                                real(1.0 / 12),  real(1.0 / 13)};
    // 1/k! for the highest term, then downward: each is the next one times its k.
    real coefficient = 1;
    for (int k = 2; k <= terms; ++k) coefficient *= inverse[k];
    vec sum = vec{} + coefficient;
#pragma GCC unroll 16
    for (int k = terms; k > 0; --k) {
        coefficient *= real(k);
        sum = sum * r + coefficient;
    }
    constexpr int mantissa = DOUBLE ? 52 : 23;
    bits exponent = (bits)shifted - (bits)(vec{} + magic);
    return (vec)((bits)sum + (exponent << mantissa));
}

inline vec tanh_of(vec x) {
    vec size = select(x < 0, -x, x);
    vec result = real(1) - real(2) / (exp_of(size + size) + real(1));
    return select(x < 0, -result, result);
}

inline vec log_of(vec x) {
    // x = 2^k f with f in sqrt(1/2) ... sqrt(2); log f = 2 artanh((f - 1) / (f + 1)).
    constexpr int mantissa = DOUBLE ? 52 : 23;
    constexpr real root = real(0.70710678118654752440);
    bits half = (bits)(vec{} + root);
    bits k = ((bits)x - half) >> mantissa;
    vec f = (vec)((bits)x - (k << mantissa));
    vec s = (f - real(1)) / (f + real(1));
    vec square = s * s;
    constexpr int terms = DOUBLE ? 21 : 9;
    vec sum = vec{} + real(1) / terms;
#pragma GCC unroll 16
    for (int odd = terms - 2; odd > 0; odd -= 2) sum = sum * square + real(1) / odd;
    return __builtin_convertvector(k, vec) * real(0.69314718055994530942) + real(2) * s * sum;
}

// Sums over lanes: WIDTH vectors become one whose lane j is the sum of vector j.

template <int HALF, int... I>
inline vec combine(vec a, vec b, std::integer_sequence<int, I...>) {
    vec same = __builtin_shufflevector(a, b, (I + (I & HALF ? WIDTH : 0))...);
    vec other = __builtin_shufflevector(a, b, ((I ^ HALF) + (I & HALF ? WIDTH : 0))...);
    return same + other;
}

template <int HALF>
inline __attribute__((always_inline)) void fold(vec* v) {
    for (int i = 0; i < HALF; ++i)
        v[i] = combine<HALF>(v[i], v[i + HALF], std::make_integer_sequence<int, WIDTH>{});
    if constexpr (HALF > 1) fold<HALF / 2>(v);
}

inline real total(vec v) {
    real sum = 0;
    for (int lane = 0; lane < WIDTH; ++lane) sum += v[lane];
    return sum;
}

inline vec sum_of(const tile& t) {
    vec sum = t.part[0];
    for (int p = 1; p < PARTS; ++p) sum += t.part[p];
    return sum;
}

// The order of an epoch, as bpviz draws it: SplitMix64 (Steele, Lea and Flood 2014) and Fisher-Yates.

constexpr std::uint64_t GAMMA = 0x9E3779B97F4A7C15u;

inline std::uint64_t mix(std::uint64_t value) {
    value += GAMMA;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

}  // namespace

// A run; its owner allocates the arrays as `sizes` says and keeps it between calls.
struct Run {
    std::int64_t examples, epoch, position, steps, stride, bins;
    std::uint64_t seed;
    double rate;
    const real* x;       // (examples, INPUTS)
    const real* y;       // (examples, OUTPUTS)
    std::int32_t* order; // (examples)
    real* packed;        // (examples / BATCH, INPUTS + OUTPUTS, LANES), aligned like the next two
    real* parameters;    // (PARAMETERS)
    real* sums;          // (2, NODES, LANES) of the open bin: delta, |delta|
    real* of_steps;      // (bins, 1 + LAYERS, 4): sum, least, most and last of the loss and each layer's norm
    real* of_nodes;      // (bins, 2, NODES): sums of the batch means of delta and |delta|
};

namespace {

void shuffle_and_pack(Run& run) {
    std::int32_t* order = run.order;
    const std::uint64_t key = mix(mix(run.seed) + static_cast<std::uint64_t>(run.epoch));
    for (std::int64_t i = 0; i < run.examples; ++i) order[i] = static_cast<std::int32_t>(i);
    for (std::int64_t i = run.examples - 1; i > 0; --i) {
        std::uint64_t place = static_cast<std::uint64_t>(i);
        std::int64_t j = static_cast<std::int64_t>(((mix(key + place * GAMMA) >> 32) * (place + 1)) >> 32);
        std::swap(order[i], order[j]);
    }
    constexpr int ROWS = INPUTS + OUTPUTS;
    for (std::int64_t at = 0; at < run.examples; ++at) {
        real* to = run.packed + at / BATCH * ROWS * LANES + at % BATCH;
        for (int k = 0; k < INPUTS; ++k) to[k * LANES] = run.x[order[at] * INPUTS + k];
        for (int k = 0; k < OUTPUTS; ++k) to[(INPUTS + k) * LANES] = run.y[order[at] * OUTPUTS + k];
    }
}

inline void record(real* cell, real value, bool opens) {
    cell[0] = opens ? value : cell[0] + value;
    cell[1] = opens || value < cell[1] ? value : cell[1];
    cell[2] = opens || value > cell[2] ? value : cell[2];
    cell[3] = value;
}

void step(Run& run, const vec* valid) {
    const tile* input = reinterpret_cast<const tile*>(run.packed) + run.position * (INPUTS + OUTPUTS);
    const tile* wanted = input + INPUTS;
    real* w = run.parameters;
    tile a[NODES], d[NODES];

    // Forward.
    repeat<LAYERS>([&](auto layer) {
        constexpr int begin = first_node(layer), end = first_node(layer + 1);
        repeat<end - begin>([&](auto k) {
            constexpr int t = begin + k;
            for (int p = 0; p < PARTS; ++p) {
                vec z = vec{} + w[place_of_bias(t)];
                repeat<START[t + 1] - START[t]>([&](auto e) {
                    constexpr int link = START[t] + e, s = SOURCE[link];
                    z += w[place_of_link(t, link)] * (s < INPUTS ? input[s] : a[s < INPUTS ? 0 : s - INPUTS]).part[p];
                });
                a[t].part[p] = z;
            }
        });
        if constexpr (begin < FIRST_OUTPUT)
            for (int t = begin; t < end; ++t)
                for (int p = 0; p < PARTS; ++p) a[t].part[p] = tanh_of(a[t].part[p]);
    });

    // Loss and deltas of the outputs; lanes without an example count for nothing.
    vec losses = vec{};
    for (int p = 0; p < PARTS; ++p) {
        tile* out = a + FIRST_OUTPUT;
        if constexpr (SOFTMAX) {
            vec most = out[0].part[p], right = vec{}, sum = vec{};
            for (int k = 1; k < OUTPUTS; ++k) most = select(out[k].part[p] > most, out[k].part[p], most);
            for (int k = 0; k < OUTPUTS; ++k) {
                vec z = out[k].part[p] - most;
                right += wanted[k].part[p] * z;
                out[k].part[p] = exp_of(z);
                sum += out[k].part[p];
            }
            losses += valid[p] * (log_of(sum) - right);
            for (int k = 0; k < OUTPUTS; ++k) {
                out[k].part[p] /= sum;
                d[FIRST_OUTPUT + k].part[p] = valid[p] * (out[k].part[p] - wanted[k].part[p]);
            }
        } else {
            for (int k = 0; k < OUTPUTS; ++k) {
                vec error = valid[p] * (out[k].part[p] - wanted[k].part[p]);
                d[FIRST_OUTPUT + k].part[p] = error;
                losses += real(0.5) * error * error;
            }
        }
    }

    // Backward: what the nodes ahead owe to a node is complete before the node is reached.
    for (int t = 0; t < FIRST_OUTPUT; ++t)
        for (int p = 0; p < PARTS; ++p) d[t].part[p] = vec{};
    vec gradient[PARAMETERS];
    for (int at = 0; at < PARAMETERS; ++at) gradient[at] = vec{};
    repeat<NODES>([&](auto turn) {
        constexpr int t = NODES - 1 - turn;
        if constexpr (t < FIRST_OUTPUT)
            for (int p = 0; p < PARTS; ++p) d[t].part[p] *= real(1) - a[t].part[p] * a[t].part[p];
        gradient[place_of_bias(t)] = sum_of(d[t]);
        repeat<START[t + 1] - START[t]>([&](auto e) {
            constexpr int link = START[t] + e, s = SOURCE[link], place = place_of_link(t, link);
            const tile& from = s < INPUTS ? input[s] : a[s < INPUTS ? 0 : s - INPUTS];
            vec sum = d[t].part[0] * from.part[0];
            for (int p = 1; p < PARTS; ++p) sum += d[t].part[p] * from.part[p];
            gradient[place] = sum;
            if constexpr (s >= INPUTS)
                for (int p = 0; p < PARTS; ++p) d[s - INPUTS].part[p] += w[place] * d[t].part[p];
        });
    });

    // Update and records.
    const bool opens = run.steps % run.stride == 0;
    const std::int64_t bin = run.steps / run.stride % run.bins;
    real* rows = run.of_steps + bin * (1 + LAYERS) * 4;
    constexpr real share = real(1) / BATCH;
    record(rows, total(losses) * share, opens);
    repeat<LAYERS>([&](auto layer) {
        vec squares = vec{};
        for (int at = begin_of(layer); at < begin_of(layer + 1); at += WIDTH) {
            fold<WIDTH / 2>(gradient + at);
            vec mean = gradient[at] * share;
            squares += mean * mean;
            *reinterpret_cast<vec*>(w + at) -= real(run.rate) * mean;
        }
        record(rows + 4 * (1 + layer), std::sqrt(total(squares)), opens);
    });
    tile* sums = reinterpret_cast<tile*>(run.sums);
    for (int t = 0; t < NODES; ++t)
        for (int p = 0; p < PARTS; ++p) {
            vec delta = d[t].part[p], size = select(delta < 0, -delta, delta);
            sums[t].part[p] = opens ? delta : sums[t].part[p] + delta;
            sums[NODES + t].part[p] = opens ? size : sums[NODES + t].part[p] + size;
        }
    if ((run.steps + 1) % run.stride == 0)
        for (int t = 0; t < 2 * NODES; ++t)
            run.of_nodes[bin * 2 * NODES + t] = total(sum_of(sums[t])) * share;
}

}  // namespace

// How many numbers an array of `Run` holds, by place in it: packed (a batch), parameters, sums, of_steps (a bin),
// of_nodes (a bin); and to which bytes the first three have to be aligned.
extern "C" void sizes(std::int64_t* result) {
    const std::int64_t answer[] = {(INPUTS + OUTPUTS) * LANES, PARAMETERS, 2 * NODES * LANES,
                                   (1 + LAYERS) * 4,           2 * NODES,  BYTES};
    for (int k = 0; k < 6; ++k) result[k] = answer[k];
}

// Where each link's weight and then each node's bias stands among the parameters.
extern "C" void places(std::int64_t* result) {
    repeat<NODES>([&](auto t) {
        for (int link = START[t]; link < START[t + 1]; ++link) *result++ = place_of_link(t, link);
    });
    for (int t = 0; t < NODES; ++t) *result++ = place_of_bias(t);
}

extern "C" void train(Run* run, std::int64_t count) {
    vec valid[PARTS];
    for (int lane = 0; lane < LANES; ++lane) valid[lane / WIDTH][lane % WIDTH] = lane < BATCH ? real(1) : real(0);
    for (; count > 0; --count) {
        if (run->position == 0) shuffle_and_pack(*run);
        step(*run, valid);
        ++run->steps;
        if (++run->position == run->examples / BATCH) {
            run->position = 0;
            ++run->epoch;
        }
    }
}
