package org.gradus.kernel;

/**
 * Which operand of a matrix product is read transposed. All matrices are stored row-major and contiguous, so a transpose
 * costs no copy: it is a flag of the product.
 *
 * <pre>
 *   NN   C[m,n] = A[m,k]   B[k,n]
 *   NT   C[m,n] = A[m,k]   B[n,k]^T
 *   TN   C[m,n] = A[k,m]^T B[k,n]
 * </pre>
 */
public enum GemmKind {
    /** Both operands as stored: {@code C = A B}. */
    NN,
    /** The second operand transposed: {@code C = A B^T}. */
    NT,
    /** The first operand transposed: {@code C = A^T B}. */
    TN;

    /**
     * The position of {@code A[i,p]} (the element of row {@code i} that meets index {@code p} of the sum) in its array.
     *
     * @param i row of the product
     * @param p index of the sum
     * @param m rows of the product
     * @param k length of the sum
     * @return an array index
     */
    int a(int i, int p, int m, int k) {
        return this == TN ? p * m + i : i * k + p;
    }

    /**
     * The position of {@code B[p,j]} in its array.
     *
     * @param p index of the sum
     * @param j column of the product
     * @param n columns of the product
     * @param k length of the sum
     * @return an array index
     */
    int b(int p, int j, int n, int k) {
        return this == NT ? j * k + p : p * n + j;
    }

    /**
     * Whether a product of this shape is summed by the <em>lane rule</em> instead of as one chain; see {@link Kernels}.
     * The rule depends on {@code n} and {@code k} alone: not on {@code m}, so that an example gives the same bits alone and
     * in a batch, and never on the machine.
     *
     * @param n columns of the product
     * @param k length of the sum
     * @return true if the sum over {@code k} runs in {@link Kernels#LANES} lanes
     */
    public static boolean sumsInLanes(int n, int k) {
        return n <= Kernels.THIN && k >= Kernels.LANE_RULE_MIN_K;
    }
}
