// What the processor's fused multiply-adds reach: sums held in registers, nothing read from memory. No product of matrices can be faster.
//
//   cc -O2 -ffp-contract=fast -pthread -o fma benchmarks/peers/fma.c
//   fma [MILLISECONDS]     for each width of vectors and 1 and 2 threads a line of JSON with GFLOP/s
//
// Side by side runs it again and again between its measurements: other guests of the same host take their share, and two processors
// may be the two hardware threads of one core.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SUMS = 12, ROUNDS = 20000, MOST_THREADS = 2 }; // 12 sums and two factors fit into 16 registers, and hide the latency of 4

static atomic_int waiting;
static double seconds_to_run;

struct part {
    double flops, seconds;
    double (*chunk)(float *);
    float result;
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

// Multiplied by less than one, so that the sums come to rest at 2: neither infinite nor denormal. Each sum has a name, since what is in
// an array the compiler keeps in memory; and the compiler does not know the factor, or it would reckon ahead.
static volatile float half = 0.5f;

#define STEP(S) S = S * factor + term;
#define LOOP(NAME, LANES, TARGET)                                                                                        \
    TARGET static double NAME(float *out) {                                                                              \
        typedef float vector __attribute__((vector_size(4 * (LANES))));                                                  \
        vector factor = {0}, term = {0};                                                                                 \
        factor += half;                                                                                                  \
        term += 1.0f;                                                                                                    \
        vector a = term, b = a + term, c = b + term, d = c + term, e = d + term, f = e + term;                           \
        vector g = f + term, h = g + term, i = h + term, j = i + term, k = j + term, l = k + term;                       \
        for (int r = 0; r < ROUNDS; r++) {                                                                               \
            STEP(a) STEP(b) STEP(c) STEP(d) STEP(e) STEP(f) STEP(g) STEP(h) STEP(i) STEP(j) STEP(k) STEP(l)              \
        }                                                                                                                \
        a += b + c + d + e + f + g + h + i + j + k + l;                                                                  \
        *out = a[0];                                                                                                     \
        return 2.0 * (LANES) * SUMS * ROUNDS;                                                                            \
    }

#if defined(__x86_64__)
LOOP(chunk256, 8, __attribute__((target("avx2,fma"))))
LOOP(chunk512, 16, __attribute__((target("avx512f"))))
#else
LOOP(chunk128, 4, )
#endif

static void *worker(void *argument) {
    struct part *part = argument;
    atomic_fetch_sub(&waiting, 1);
    while (atomic_load(&waiting) > 0) {
    }
    double start = now(), end;
    do {
        part->flops += part->chunk(&part->result);
        end = now();
    } while (end - start < seconds_to_run);
    part->seconds = end - start;
    return NULL;
}

static int measure(int bits, double (*chunk)(float *)) {
    for (int threads = 1; threads <= MOST_THREADS; threads++) {
        pthread_t ids[MOST_THREADS];
        struct part parts[MOST_THREADS] = {{0}};
        double rate = 0;
        atomic_store(&waiting, threads);
        for (int t = 0; t < threads; t++) {
            parts[t].chunk = chunk;
            if (pthread_create(&ids[t], NULL, worker, &parts[t]) != 0) {
                fprintf(stderr, "fma: no further thread can be started\n");
                return 1;
            }
        }
        for (int t = 0; t < threads; t++) {
            pthread_join(ids[t], NULL);
            rate += parts[t].flops / parts[t].seconds / 1e9;
        }
        printf("{\"bits\": %d, \"threads\": %d, \"gflops\": %.1f}\n", bits, threads, rate);
    }
    return 0;
}

int main(int count, char **words) {
    char *end = "";
    double milliseconds = count > 1 ? strtod(words[1], &end) : 100;
    if (count > 2 || *end != 0 || !(milliseconds > 0)) {
        fprintf(stderr, "fma: usage: fma [MILLISECONDS]\n");
        return 2;
    }
    seconds_to_run = milliseconds / 1000;
    int failed = 0;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) failed |= measure(256, chunk256);
    if (__builtin_cpu_supports("avx512f")) failed |= measure(512, chunk512);
#else
    failed |= measure(128, chunk128);
#endif
    return failed;
}
