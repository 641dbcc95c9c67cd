package org.gradus.data;

import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;

/** Some samples of another source; see {@link Samples#rows}. */
final class ChosenSamples implements Samples {

    private final Samples all;
    private final int[] numbers;

    ChosenSamples(Samples all, int[] numbers) {
        if (numbers.length == 0) {
            throw new ShapeException("Samples.rows: no number is given; choose at least one sample of " + all.count());
        }
        this.all = all;
        this.numbers = numbers.clone();
        for (int i = 0; i < numbers.length; i++) {
            if (this.numbers[i] < 0 || this.numbers[i] >= all.count()) {
                throw new IndexOutOfBoundsException("Samples.rows: number " + this.numbers[i] + " at index " + i
                        + " is no sample of " + all.count() + "; they are numbered from 0 to " + (all.count() - 1));
            }
        }
    }

    @Override
    public int count() {
        return numbers.length;
    }

    @Override
    public Shape sampleShape() {
        return all.sampleShape();
    }

    @Override
    public int width() {
        return all.width();
    }

    @Override
    public void read(int sample, float[] to, int at) {
        Places.require(this, sample, to, at);
        all.read(numbers[sample], to, at);
    }

    @Override
    public boolean isThreadSafe() {
        return all.isThreadSafe();
    }

    @Override
    public boolean isWithin(float low, float high) {
        return all.isWithin(low, high);
    }

    @Override
    public String toString() {
        return numbers.length + " of " + all;
    }
}
