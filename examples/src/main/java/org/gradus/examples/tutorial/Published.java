package org.gradus.examples.tutorial;

import java.util.Map;
import java.util.Optional;
import org.gradus.examples.run.TrainedRun;

/** What others got for the same experiments: the deck's tables, seeded and not, and PyTorch's runs under seed 0. */
final class Published {

    private final Map<String, Reference> deck = Reference.deck();
    private final Map<String, Reference> unseededDeck = Reference.unseededDeck();
    private final Map<String, Reference> pytorch = Reference.pytorch();
    private final Map<String, RoundingSpread> spreads = Reference.spreads();
    private final boolean sameSeed;

    /** For runs of a seed. */
    Published(long seed) {
        sameSeed = seed == 0;
    }

    /** The table on the deck's slide, of the same seed or, where the deck had none, of any. */
    Optional<Reference> slides(String id) {
        return Optional.ofNullable(sameSeed ? deck.getOrDefault(id, unseededDeck.get(id)) : unseededDeck.get(id));
    }

    /** A run beside the deck's table, if both had the same seed. */
    Optional<Comparison> besideDeck(String id, TrainedRun run) {
        return sameSeed
                ? Optional.ofNullable(deck.get(id)).map(reference -> new Comparison(run, reference))
                : Optional.empty();
    }

    /** The first epochs of PyTorch's run, if it had the same seed. */
    Optional<Reference> pytorch(String id, int epochs) {
        return sameSeed ? Optional.ofNullable(pytorch.get(id)).map(all -> all.first(epochs)) : Optional.empty();
    }

    /** What PyTorch's own runs span that differ in rounding alone, where that was tried. */
    Optional<RoundingSpread> spread(String id) {
        return Optional.ofNullable(spreads.get(id));
    }
}
