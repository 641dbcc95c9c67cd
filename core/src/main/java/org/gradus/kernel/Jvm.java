package org.gradus.kernel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;

/**
 * What a JVM says about itself, and what follows from it for the kernels. That it has the module of the Vector API says nothing about
 * speed: without a compiler that knows it, every operation on a vector is a call that makes objects, a hundred times slower than a
 * plain loop.
 *
 * <p>HotSpot's flags are the truth but are to be had only where the module {@code jdk.management} is, which a runtime image of one's
 * own may lack. Then the system properties have to do.
 */
final class Jvm {

    private static final String FMA = "UseFMA";
    private static final String TIERS = "TieredCompilation";
    private static final String LEVEL = "TieredStopAtLevel";
    private static final String JVMCI = "UseJVMCICompiler";

    /** The Graal compiler of this version of Java and later ones knows the whole Vector API; those before, little of it. */
    private static final int GRAAL_KNOWS_VECTORS = 25;

    private static final String TOP_LEVEL = "4";
    private static final String NO = "false";

    private final String name;
    private final String version;
    private final String vendorVersion;
    private final String info;
    private final int feature;
    private final Map<String, String> flags;

    /**
     * Any JVM.
     *
     * @param name {@code java.vm.name}
     * @param version {@code java.vm.version}
     * @param vendorVersion {@code java.vendor.version}
     * @param info {@code java.vm.info}: how code is run
     * @param feature the version of Java, such as 17
     * @param flags HotSpot's flags by name, as far as they can be read
     */
    Jvm(String name, String version, String vendorVersion, String info, int feature, Map<String, String> flags) {
        this.name = name;
        this.version = version;
        this.vendorVersion = vendorVersion;
        this.info = info;
        this.feature = feature;
        this.flags = flags;
    }

    /** The one that runs this. */
    static Jvm here() {
        return new Jvm(
                System.getProperty("java.vm.name", ""),
                System.getProperty("java.vm.version", ""),
                System.getProperty("java.vendor.version", ""),
                System.getProperty("java.vm.info", ""),
                Runtime.version().feature(),
                flags());
    }

    /** By reflection: core requires no module. */
    private static Map<String, String> flags() {
        Map<String, String> flags = new HashMap<>();
        try {
            Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
            Object bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getPlatformMXBean", Class.class)
                    .invoke(null, type);
            Method option = type.getMethod("getVMOption", String.class);
            Method value = option.getReturnType().getMethod("getValue");
            for (String flag : new String[] {FMA, TIERS, LEVEL, JVMCI}) {
                try {
                    flags.put(flag, (String) value.invoke(option.invoke(bean, flag)));
                } catch (InvocationTargetException unknown) {
                    // not every JVM has every flag
                }
            }
        } catch (ReflectiveOperationException | RuntimeException unreadable) {
            // no such module, or not HotSpot
        }
        return flags;
    }

    /** Why all computing is slow here, with any kernels; empty if it is not, or if this JVM does not tell. */
    String whySlow() {
        return NO.equals(flags.get(FMA))
                ? "Math.fma is computed in software here, more than a hundred times slower, because the processor has no"
                        + " fused multiply-add or an option such as -XX:-UseFMA or -XX:UseAVX=0 hides it"
                : "";
    }

    /** Why the Vector API would be slower here than plain loops; empty if it is fast. */
    String whyNoVectors() {
        if (!name.contains("HotSpot") && !name.contains("OpenJDK")) {
            return "the Vector API is fast only on HotSpot, this is " + name;
        }
        String needsC2 = "the Vector API needs the C2 compiler, this JVM is " + name + ", " + info;
        if (!name.contains("Server") || info.contains("interpreted") || info.contains("emulated-client")) {
            return needsC2;
        }
        // Without tiers all is compiled by C2, whatever the level says.
        String level = NO.equals(flags.get(TIERS)) ? TOP_LEVEL : flags.getOrDefault(LEVEL, TOP_LEVEL);
        if (!level.equals(TOP_LEVEL)) {
            return needsC2 + ", -XX:" + LEVEL + "=" + level;
        }
        if (graal() && feature < GRAAL_KNOWS_VECTORS) {
            return "this JVM compiles with Graal (" + version + "), which knows the Vector API from Java "
                    + GRAAL_KNOWS_VECTORS + " on; take a newer one, or C2 by -XX:-" + JVMCI + ", for SIMD speed";
        }
        return "";
    }

    /**
     * Whether the Graal compiler stands in for C2. A module such as {@code jdk.graal.compiler} proves nothing, ordinary JDKs have it.
     * Where the flag can be read it decides: a GraalVM may be told to use C2, and an ordinary JDK to use a Graal that is given to it.
     */
    boolean graal() {
        String flag = flags.get(JVMCI);
        return flag == null ? version.contains("jvmci") || vendorVersion.contains("GraalVM") : !flag.equals(NO);
    }
}
