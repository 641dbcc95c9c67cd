package org.gradus.train;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.gradus.autograd.Tensor;
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
    record Finding(String message, int epoch, int batch, String what, float value) {

        NonFiniteException exception(History history) {
            return new NonFiniteException(message, epoch, batch, what, value, history);
        }
    }

    Optional<Finding> ofBatch(float loss, int epoch, int batch, int batches, Tensor input, Tensor target) {
        return Float.isFinite(loss)
                ? Optional.empty()
                : Optional.of(new Finding(
                        "epoch " + epoch + ", batch " + batch + " of " + batches + ": the loss is " + loss
                                + "; the optimiser did not move by it. " + causes("training set", input, target),
                        epoch,
                        batch,
                        "loss of the batch",
                        loss));
    }

    Optional<Finding> ofEvaluation(float loss, int epoch, String set, Tensor input, Tensor target) {
        return Float.isFinite(loss)
                ? Optional.empty()
                : Optional.of(new Finding(
                        "epoch " + epoch + ", evaluation of the " + set + ": the loss is " + loss + ". "
                                + causes(set, input, target),
                        epoch,
                        0,
                        "loss over the " + set,
                        loss));
    }

    /** After an epoch whose losses are finite: the last step may have spoilt weights that no loss has seen, or that no sample uses. */
    Optional<Finding> ofParameters(int epoch) {
        for (Tensor parameter : optimizer.parameters()) {
            float[] numbers = parameter.data();
            for (int i = 0; i < numbers.length; i++) {
                if (!Float.isFinite(numbers[i])) {
                    return Optional.of(ofParameter(epoch, parameter, i));
                }
            }
        }
        return Optional.empty();
    }

    private Finding ofParameter(int epoch, Tensor parameter, int at) {
        float value = parameter.data()[at];
        String what = "parameter " + name(parameter);
        return new Finding(
                "end of epoch " + epoch + ": " + what + " " + parameter.shape() + " has " + value + " at "
                        + parameter.shape().place(at) + ", though the losses are finite. " + unknownCauses(),
                epoch,
                0,
                what,
                value);
    }

    /** By the layers it belongs to. */
    private String name(Tensor parameter) {
        for (Map.Entry<String, Tensor> named : net.namedParameters().entrySet()) {
            if (named.getValue().data() == parameter.data()) {
                return named.getKey();
            }
        }
        return parameter.name();
    }

    private String causes(String set, Tensor input, Tensor target) {
        return SetCheck.nonFinite(input, target)
                .map(wrong -> "The " + set + " is not finite: " + wrong.getMessage())
                .orElseGet(this::unknownCauses);
    }

    private String unknownCauses() {
        return "Likely a learning rate that is too large (it is " + rate()
                + "), weights that started too large, or a layer or loss"
                + " that divides by 0 or takes a logarithm of it; Trainer.detectAnomalies() finds the operation, keepGoing() trains on";
    }

    private String rate() {
        return String.format(Locale.ROOT, "%.3g", optimizer.learningRate());
    }
}
