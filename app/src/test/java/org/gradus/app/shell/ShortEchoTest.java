package org.gradus.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.VarSnippet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** JShell with it differs from JShell without it in long values alone. */
@Tag("once")
class ShortEchoTest {

    private static final String LONG = "int[5000] { 7, 0, 0, ..., 0, 0, 0 }";

    private final JShell shell =
            JShell.builder().executionEngine(new ShortEcho(), Map.of()).build();

    @AfterEach
    void close() {
        shell.close();
    }

    private SnippetEvent event(String code) {
        List<SnippetEvent> events = shell.eval(code);
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    @Test
    void longValuesAreShort() {
        assertThat(event("int[] a = new int[5000];").value()).isEqualTo("int[5000] { 0, 0, 0, ..., 0, 0, 0 }");
        assertThat(event("a[0] = 7").value()).isEqualTo("7");
        assertThat(event("a").value()).isEqualTo(LONG);
        VarSnippet a = shell.variables().findFirst().orElseThrow();
        assertThat(shell.varValue(a)).isEqualTo(LONG);
    }

    @Test
    void othersAreAsEver() {
        assertThat(event("1 + 1").value()).isEqualTo("2");
        assertThat(event("String s = \"a\\n\";").value()).isEqualTo("\"a\\n\"");
        assertThat(event("String n = null;").value()).isEqualTo("null");
        assertThat(event("int[] a = {1, 2};").value()).isEqualTo("int[2] { 1, 2 }");
        assertThat(event("int twice(int x) { return 2 * x; }").value()).isNull();
        assertThat(event("twice(4)").value()).isEqualTo("8");
        assertThat(event("import java.util.concurrent.*;").status()).isEqualTo(Snippet.Status.VALID);
    }

    @Test
    void exceptionsKeepTheirTypeMessageCauseAndPlace() {
        event("int broken(int x) { return x / 0; }");
        EvalException thrown =
                (EvalException) Objects.requireNonNull(event("broken(1)").exception());
        assertThat(thrown.getExceptionClassName()).isEqualTo(ArithmeticException.class.getName());
        assertThat(thrown).hasMessage("/ by zero").hasNoCause();
        assertThat(thrown.getStackTrace()).hasSize(2);
        assertThat(thrown.getStackTrace()[0].getMethodName()).isEqualTo("broken");

        EvalException caused = (EvalException) Objects.requireNonNull(
                event("throw new IllegalStateException(\"outer\", new RuntimeException(\"inner\"));")
                        .exception());
        assertThat(caused).hasMessage("outer").hasRootCauseMessage("inner");
        event("class Mute { public String toString() { throw new RuntimeException(\"no text\"); } }");
        assertThat(event("new Mute()").exception()).hasMessage("no text");
    }

    /** The stop that Ctrl-C asks for reaches the snippet. */
    @Test
    void endlessSnippetsCanBeStopped() throws InterruptedException {
        String runs = "gradus.test.endless";
        Thread stopping = new Thread(() -> {
            while (System.getProperty(runs) == null) {
                Thread.onSpinWait();
            }
            shell.stop();
        });
        stopping.start();
        try {
            event("{ System.setProperty(\"" + runs + "\", \"yes\"); while (true) { } }");
            stopping.join();
        } finally {
            System.clearProperty(runs);
        }
        assertThat(event("1 + 1").value()).isEqualTo("2");
    }
}
