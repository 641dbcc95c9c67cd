package org.gradus.pages.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.gradus.io.AtomicFile;
import org.gradus.pages.Html;

/** The files beside the pages that are the same in every report. */
final class Assets {

    private static final List<String> OWN = List.of("common.js", "explorer.js", "cloud.js");

    /** Written into a webjar by the build that made it; tells the version that is part of its paths. */
    private static final String PLOTLY_PROPERTIES = "/META-INF/maven/org.webjars.npm/plotly.js-dist/pom.properties";

    private Assets() {}

    /** Style sheet and scripts. */
    static void copyOwn(Path folder) throws IOException {
        AtomicFile.at(folder.resolve("report.css"))
                .write(out -> out.write(Html.styleSheet().getBytes(StandardCharsets.UTF_8)));
        for (String name : OWN) {
            copy(name, folder.resolve(name));
        }
    }

    /** Plotly and its licence, from its webjar. */
    static void copyPlotly(Path folder) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = resource(PLOTLY_PROPERTIES)) {
            properties.load(in);
        }
        String version = properties.getProperty("version");
        String path = "/META-INF/resources/webjars/plotly.js-dist/" + version + "/";
        copy(path + "plotly.js", folder.resolve("plotly.js"));
        copy(path + "LICENSE", folder.resolve("plotly-licence.txt"));
    }

    private static void copy(String resource, Path target) throws IOException {
        try (InputStream in = resource(resource)) {
            AtomicFile.at(target).write(in::transferTo);
        }
    }

    private static InputStream resource(String name) {
        InputStream in = Assets.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException(
                    "report: no resource " + name + " on the class path; run Gradus with all jars of its lib folder");
        }
        return in;
    }
}
