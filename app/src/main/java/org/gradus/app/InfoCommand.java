package org.gradus.app;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gradus.examples.run.Console;
import org.gradus.kernel.Engine;
import org.gradus.kernel.KernelProvider;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gradus info}: what the library will compute with here. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = "Shows kernels and why they were chosen, threads, JDK and versions.")
final class InfoCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private EngineOptions options = new EngineOptions();

    InfoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        options.setProperties();
        Engine engine = EngineOptions.start();
        line("gradus", version(InfoCommand.class));
        line("kernels", engine.kernels().name() + ", " + KernelProvider.reason());
        line("vector bits", String.valueOf(engine.kernels().vectorBits()));
        line("threads", engine.threads() + " on " + Runtime.getRuntime().availableProcessors() + " processors");
        line("jdk", property("java.version") + ", " + property("java.vm.name") + ", " + property("java.vendor"));
        line("system", property("os.name") + ", " + property("os.arch"));
        line("cpu fma", fusedMultiplyAdd());
        line("memory", Runtime.getRuntime().maxMemory() / (1 << 20) + " MB at most");
        line("picocli", CommandLine.VERSION);
        line("jackson", com.fasterxml.jackson.core.json.PackageVersion.VERSION.toString());
        line("progressbar", version(me.tongfei.progressbar.ProgressBar.class));
        return 0;
    }

    private void line(String name, String value) {
        console.out().println(name + " ".repeat(13 - name.length()) + value);
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    /** From the jar's manifest; classes outside a jar have none. */
    private static String version(Class<?> type) {
        return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse("unpacked, no version");
    }

    /** HotSpot tells whether it compiles Math.fma to the processor's instruction. Without that it is correct but very slow. */
    private static String fusedMultiplyAdd() {
        try {
            com.sun.management.HotSpotDiagnosticMXBean bean =
                    ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class);
            return Boolean.parseBoolean(bean.getVMOption("UseFMA").getValue())
                    ? "yes"
                    : "no: every multiply-add is computed in software, very slowly";
        } catch (IllegalArgumentException otherVm) {
            return "this JVM does not tell";
        }
    }
}
