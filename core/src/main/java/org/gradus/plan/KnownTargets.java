package org.gradus.plan;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.gradus.data.Samples;
import org.gradus.data.TensorSamples;
import org.gradus.kernel.Engine;

/** Which sets of targets lie in a loss's domain, looked at once, so that planned steps need not look at each batch. */
public final class KnownTargets {

    /** Numbers that are read before they are looked at, at least; no sample is divided. */
    private static final int BLOCK = 4096;

    private final Map<TargetDomain, IdentityHashMap<Samples, Boolean>> known = new HashMap<>();

    /** Nothing is known. */
    public KnownTargets() {}

    /**
     * Takes somebody's word.
     *
     * @param targets numbers that are all from 0 to 1
     */
    public void areProbabilities(Samples targets) {
        of(TargetDomain.PROBABILITIES).put(targets, true);
    }

    /** Numbers may have changed since. */
    public void forget() {
        known.clear();
    }

    /** Whether all are in a domain; if not, only a recording can say which batch has the one that is not. */
    boolean areIn(TargetDomain domain, Engine engine, Samples targets) {
        if (domain.equals(TargetDomain.ANYTHING)) {
            return true;
        }
        IdentityHashMap<Samples, Boolean> sets = of(domain);
        Boolean before = sets.get(targets);
        if (before != null) {
            return before;
        }
        boolean all = targets instanceof TensorSamples whole
                ? areIn(domain, engine, whole.tensor().data(), whole.tensor().size())
                : (!domain.whole() && targets.isWithin(domain.low(), domain.high()))
                        || areReadIn(domain, engine, targets);
        sets.put(targets, all);
        return all;
    }

    private static boolean areReadIn(TargetDomain domain, Engine engine, Samples targets) {
        int width = targets.width();
        int together = Math.max(1, BLOCK / width);
        float[] block = new float[together * width];
        for (int from = 0; from < targets.count(); from += together) {
            int some = Math.min(together, targets.count() - from);
            for (int i = 0; i < some; i++) {
                targets.read(from + i, block, i * width);
            }
            if (!areIn(domain, engine, block, some * width)) {
                return false;
            }
        }
        return true;
    }

    private static boolean areIn(TargetDomain domain, Engine engine, float[] numbers, int n) {
        return domain.whole()
                ? domain.areWhole(numbers, n)
                : engine.firstOutside(n, domain.low(), domain.high(), numbers) == n;
    }

    private IdentityHashMap<Samples, Boolean> of(TargetDomain domain) {
        return known.computeIfAbsent(domain, unknown -> new IdentityHashMap<>());
    }
}
