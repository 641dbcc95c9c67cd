package org.gradus.train;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.gradus.autograd.DomainException;
import org.gradus.autograd.Printable;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.nn.Layer;
import org.gradus.optim.Optimizer;

/** Looks whether a training run still computes with numbers. Costs a comparison per batch and a pass over the parameters per epoch. */
final class Finiteness {

    private final Layer net;
    private final Optimizer optimizer;

    Finiteness(Layer net, Optimizer optimizer) {
        this.net = net;
        this.optimizer = optimizer;
    }

    /** Something that is not finite. */
    record Finding(String place, String causes, int epoch, int batch, String what, float value) {

        NonFiniteException exception(History history) {
            return new NonFiniteException(place, causes, epoch, batch, what, value, history);
        }
    }

    Optional<Finding> ofBatch(float loss, int epoch, int batch, int batches, Samples input, Samples target) {
        if (Float.isFinite(loss)) {
            return Optional.empty();
        }
        String place = "epoch " + epoch + ", batch " + batch + " of " + batches + ": the loss is " + loss
                + "; the optimiser did not move by it" + whatElse("training set", input, target);
        return Optional.of(
                new Finding(place, causes(epoch == 1 && batch == 1), epoch, batch, "loss of the batch", loss));
    }

    Optional<Finding> ofEvaluation(float loss, int epoch, String set, Samples input, Samples target) {
        if (Float.isFinite(loss)) {
            return Optional.empty();
        }
        String place = "epoch " + epoch + ", evaluation of the " + set + ": the loss is " + loss
                + whatElse(set, input, target);
        return Optional.of(new Finding(place, causes(false), epoch, 0, "loss over the " + set, loss));
    }

    /** After an epoch whose losses are finite: the last step may have spoilt weights that no sample uses. */
    Optional<Finding> ofParameters(int epoch) {
        for (Tensor parameter : optimizer.parameters()) {
            OptionalInt at = firstNonFinite(parameter);
            if (at.isPresent()) {
                String place = "end of epoch " + epoch + ": " + text(parameter, at.getAsInt())
                        + ", though the losses are finite";
                float value = parameter.data()[at.getAsInt()];
                return Optional.of(new Finding(place, causes(false), epoch, 0, "parameter " + name(parameter), value));
            }
        }
        return Optional.empty();
    }

    /** What else is not finite, where looking for it costs no more than the set is long. */
    private String whatElse(String set, Samples input, Samples target) {
        Optional<DomainException> data = SetCheck.nonFinite(input, target);
        if (data.isPresent()) {
            return "; in the " + set + " " + data.get().getMessage();
        }
        Set<Tensor> parameters = new LinkedHashSet<>(optimizer.parameters()); // a tensor equals itself alone
        parameters.addAll(net.parameters()); // a frozen one may be wrong from the start
        for (Tensor parameter : parameters) {
            OptionalInt at = firstNonFinite(parameter);
            if (at.isPresent()) {
                return "; " + text(parameter, at.getAsInt());
            }
        }
        return "";
    }

    private static OptionalInt firstNonFinite(Tensor parameter) {
        float[] numbers = parameter.data();
        return IntStream.range(0, numbers.length)
                .filter(i -> !Float.isFinite(numbers[i]))
                .findFirst();
    }

    private String text(Tensor parameter, int at) {
        return "parameter " + name(parameter) + " " + parameter.shape() + " has "
                + parameter.data()[at] + " at " + parameter.shape().place(at);
    }

    /** By the layers it belongs to. */
    private String name(Tensor parameter) {
        for (Map.Entry<String, Tensor> named : net.namedParameters().entrySet()) {
            if (named.getValue().equals(parameter.original())) {
                return Printable.text(named.getKey());
            }
        }
        return Printable.text(parameter.name());
    }

    /** Before the first step the learning rate has done nothing yet. */
    private String causes(boolean beforeFirstStep) {
        String rate = String.format(Locale.ROOT, "%.3g", optimizer.learningRate());
        return "Likely "
                + (beforeFirstStep ? "" : "a learning rate that is too large (it is " + rate + "), ")
                + "weights that started too large, or a layer or loss that divides by 0 or takes a logarithm of it;"
                + " Trainer.detectAnomalies() finds the operation, keepGoing() trains on";
    }
}
