/* Functions of whatever vectors the header included before has. For _cpu_operations.h. */

#ifndef DESKTOP_VLM_CPU_VECTORS_H
#define DESKTOP_VLM_CPU_VECTORS_H

#define LOG2_E 1.44269504f

INLINE floats absolute(floats x) {
    return AS_FLOATS(AND_INTS(AS_INTS(x), ALL_INTS(0x7fffffff)));
}

/* 2^x for x < 128, to 2e-7 of the result; 2^-126 for x below -126 and for NaN. */
INLINE floats power_of_two(floats x) {
    const floats rounding = ALL(12582912.0f); /* 1.5 * 2^23: what is added becomes an integer in the lowest bits */
    x = MAX(x, ALL(-126));
    floats shifted = x + rounding;
    floats r = x - (shifted - rounding);
    floats p = FMA(ALL(1.3264727e-3f), r, ALL(9.6715130e-3f));
    p = FMA(p, r, ALL(5.5507336e-2f));
    p = FMA(p, r, ALL(0.24022242f));
    p = FMA(p, r, ALL(0.69314700f));
    p = FMA(p, r, ALL(1));
    return AS_FLOATS(ADD_INTS(AS_INTS(p), SHIFT_LEFT(AS_INTS(shifted), 23)));
}

/* x * Phi(x); erf after Abramowitz and Stegun 7.1.26, to 1.5e-7. */
INLINE floats gelu(floats x) {
    floats z = absolute(x) * ALL(0.70710678f);
    floats t = ALL(1) / FMA(z, ALL(0.3275911f), ALL(1));
    floats p = FMA(ALL(1.061405429f), t, ALL(-1.453152027f));
    p = FMA(p, t, ALL(1.421413741f));
    p = FMA(p, t, ALL(-0.284496736f));
    p = FMA(p, t, ALL(0.254829592f)) * t;
    floats tail = p * power_of_two(z * z * ALL(-LOG2_E)) * ALL(0.5f); /* 1 - Phi(|x|) */
    return MAX(x, ALL(0)) - absolute(x) * tail;
}

/* A vector of zeros, or of NaN where a number is not finite. */
INLINE floats flaws(floats x) {
    return x - x;
}

#endif
