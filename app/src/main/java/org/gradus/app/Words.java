package org.gradus.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads one of a few words: the names of an enum's constants in lower case, joined by hyphens.
 *
 * @param <E> the enum
 */
abstract class Words<E extends Enum<E>> implements ITypeConverter<E> {

    private final Class<E> type;

    private Words(Class<E> type) {
        this.type = type;
    }

    @Override
    public E convert(String word) {
        List<String> words = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (name.equals(word)) {
                return constant;
            }
            words.add(name);
        }
        throw new TypeConversionException("'" + word + "' must be one of " + String.join(", ", words));
    }

    static final class ForLoss extends Words<LossName> {
        ForLoss() {
            super(LossName.class);
        }
    }

    static final class ForInit extends Words<InitName> {
        ForInit() {
            super(InitName.class);
        }
    }

    static final class ForOptimizer extends Words<OptimizerName> {
        ForOptimizer() {
            super(OptimizerName.class);
        }
    }

    static final class ForKernels extends Words<KernelsName> {
        ForKernels() {
            super(KernelsName.class);
        }
    }
}
