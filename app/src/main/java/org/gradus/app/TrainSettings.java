package org.gradus.app;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.NetSpec;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.optim.Optimizer;
import org.gradus.optim.SGD;
import org.gradus.random.TorchRandom;
import picocli.CommandLine.TypeConversionException;

/**
 * What decides the numbers of a training run, images and number of epochs apart. A checkpoint keeps it as text, under the names of
 * the options.
 *
 * @param net the network
 * @param loss what is minimised
 * @param batch samples per step
 * @param seed of both random streams
 * @param init initialiser of the weights
 * @param initLinears how many Linear layers it is for; empty for all
 * @param reseedBeforeInit whether torch's stream starts anew before it
 * @param learningRate of the optimiser
 * @param optimizer which one
 * @param momentum of SGD
 */
record TrainSettings(
        NetSpec net,
        LossName loss,
        int batch,
        long seed,
        InitName init,
        OptionalInt initLinears,
        boolean reseedBeforeInit,
        double learningRate,
        OptimizerName optimizer,
        double momentum) {

    private static final String NET = "net";
    private static final String LOSS = "loss";
    private static final String BATCH = "batch";
    private static final String SEED = "seed";
    private static final String INIT = "init";
    private static final String INIT_LINEARS = "init-linears";
    private static final String RESEED_BEFORE_INIT = "reseed-before-init";
    private static final String LEARNING_RATE = "lr";
    private static final String OPTIMIZER = "optimizer";
    private static final String MOMENTUM = "momentum";

    private static final String ALL = "all";

    /**
     * Checks what the parts alone do not tell.
     *
     * @throws CommandFailure naming the option that is wrong
     */
    TrainSettings {
        if (batch < 1) {
            throw new CommandFailure("--batch is " + batch + " but must be 1 or more");
        }
        Seeds.require(seed);
        if (!(learningRate > 0 && learningRate <= Float.MAX_VALUE)) {
            throw new CommandFailure("--lr is " + learningRate + " but must be above 0 and finite");
        }
        if (!(momentum >= 0 && momentum < 1)) {
            throw new CommandFailure("--momentum is " + momentum + " but must be at least 0 and below 1");
        }
        if (momentum > 0 && optimizer == OptimizerName.ADAM) {
            throw new CommandFailure("--momentum belongs to --optimizer sgd; adam has its own, leave the option out");
        }
        if (init == InitName.DEFAULT && (initLinears.isPresent() || reseedBeforeInit)) {
            throw new CommandFailure((reseedBeforeInit ? "--reseed-before-init" : "--init-linears")
                    + " needs --init kaiming-uniform or kaiming-normal");
        }
        int linears = net.stages().size();
        int chosen = initLinears.orElse(linears);
        if (chosen < 0 || chosen > linears) {
            throw new CommandFailure("--init-linears is " + chosen + " but the network has " + linears
                    + " Linear layers; give 0 to " + linears);
        }
    }

    /** As text, by the names of the options without their hyphens. */
    Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(NET, net.toString());
        map.put(LOSS, word(loss));
        map.put(BATCH, String.valueOf(batch));
        map.put(SEED, String.valueOf(seed));
        map.put(INIT, word(init));
        map.put(INIT_LINEARS, initLinears.isPresent() ? String.valueOf(initLinears.getAsInt()) : ALL);
        map.put(RESEED_BEFORE_INIT, String.valueOf(reseedBeforeInit));
        map.put(LEARNING_RATE, String.valueOf(learningRate));
        map.put(OPTIMIZER, word(optimizer));
        map.put(MOMENTUM, String.valueOf(momentum));
        return map;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads what {@link #toMap} gave.
     *
     * @throws CommandFailure if a part is missing or makes no sense
     */
    static TrainSettings of(Map<String, String> map) {
        try {
            String linears = part(map, INIT_LINEARS);
            return new TrainSettings(
                    NetOption.parse(part(map, NET)),
                    new Words.ForLoss().convert(part(map, LOSS)),
                    Integer.parseInt(part(map, BATCH)),
                    Long.parseLong(part(map, SEED)),
                    new Words.ForInit().convert(part(map, INIT)),
                    linears.equals(ALL) ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(linears)),
                    Boolean.parseBoolean(part(map, RESEED_BEFORE_INIT)),
                    Double.parseDouble(part(map, LEARNING_RATE)),
                    new Words.ForOptimizer().convert(part(map, OPTIMIZER)),
                    Double.parseDouble(part(map, MOMENTUM)));
        } catch (NumberFormatException | TypeConversionException noSense) {
            throw new CommandFailure(String.valueOf(noSense.getMessage()), noSense);
        }
    }

    private static String part(Map<String, String> map, String name) {
        String part = map.get(name);
        if (part == null) {
            throw new CommandFailure("there is no setting '" + name + "'");
        }
        return part;
    }

    /** The network as the seeding protocol draws it: build, seed again if asked for, initialise. */
    Sequential build(TorchRandom torch) {
        Sequential model = net.build(torch);
        if (reseedBeforeInit) {
            torch.manualSeed(seed);
        }
        int remaining = initLinears.orElse(Integer.MAX_VALUE);
        for (Layer layer : model.layers()) {
            if (layer instanceof Linear linear && remaining > 0) {
                init.apply(linear.weight(), torch);
                remaining--;
            }
        }
        return model;
    }

    /** A fresh optimiser. */
    Optimizer optimizer(Sequential model) {
        return switch (optimizer) {
            case ADAM -> new Adam(model.parameters(), Adam.defaults().withLearningRate(learningRate));
            case SGD ->
                new SGD(
                        model.parameters(),
                        SGD.defaults().withLearningRate(learningRate).withMomentum(momentum));
        };
    }
}
