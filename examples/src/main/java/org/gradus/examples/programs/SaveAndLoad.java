package org.gradus.examples.programs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.io.Safetensors;
import org.gradus.nn.NetSpec;
import org.gradus.nn.Sequential;
import org.gradus.random.TorchRandom;

/** Weights into a file and back, in the format that PyTorch reads, too: {@code SaveAndLoad [FILE.safetensors]}. */
public final class SaveAndLoad {

    private static final String SPEC = "4-3:prelu-4:sigmoid";

    private SaveAndLoad() {}

    /** Prints what the file holds, and that a network loaded from it gives the same answer. */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args.length > 0 ? args[0] : "weights.safetensors");

        Sequential saved = NetSpec.parse(SPEC).build(new TorchRandom(0));
        Safetensors.write(file, saved.stateDict(), Map.of("network", SPEC));

        Safetensors read = Safetensors.load(file);
        System.out.println("network " + read.metadata().get("network"));
        read.tensors().forEach((name, tensor) -> System.out.println(name + " " + tensor.shape()));

        Sequential loaded = NetSpec.parse(SPEC).build(new TorchRandom(1)); // other weights, until the next line
        loaded.loadStateDict(read.tensors());

        Tensor x = Tensor.matrix(1, 4, 0, 1, 1, 0);
        System.out.println("saved  " + saved.forward(x).get(0, 0));
        System.out.println("loaded " + loaded.forward(x).get(0, 0));
    }
}
