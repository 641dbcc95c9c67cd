package org.gradus.plan;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

/** Which sets of targets lie in a loss's domain, looked at once, so that planned steps need not look at each batch. */
public final class KnownTargets {

    private final Map<TargetDomain, IdentityHashMap<float[], Boolean>> known = new HashMap<>();

    /** Nothing is known. */
    public KnownTargets() {}

    /**
     * Takes somebody's word.
     *
     * @param targets numbers that are all from 0 to 1
     */
    public void areProbabilities(Tensor targets) {
        of(TargetDomain.PROBABILITIES).put(targets.data(), true);
    }

    /** Numbers may have changed since. */
    public void forget() {
        known.clear();
    }

    /** Whether all are in a domain; if not, only a recording can say which batch has the one that is not. */
    boolean areIn(TargetDomain domain, Engine engine, Tensor targets) {
        if (domain.equals(TargetDomain.ANYTHING)) {
            return true;
        }
        IdentityHashMap<float[], Boolean> sets = of(domain);
        Boolean before = sets.get(targets.data());
        if (before != null) {
            return before;
        }
        int n = targets.size();
        boolean all = domain.whole()
                ? domain.areWhole(targets.data())
                : engine.firstOutside(n, domain.low(), domain.high(), targets.data()) == n;
        sets.put(targets.data(), all);
        return all;
    }

    private IdentityHashMap<float[], Boolean> of(TargetDomain domain) {
        return known.computeIfAbsent(domain, unknown -> new IdentityHashMap<>());
    }
}
