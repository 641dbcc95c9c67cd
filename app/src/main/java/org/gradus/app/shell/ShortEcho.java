package org.gradus.app.shell;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import jdk.jshell.execution.LocalExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.gradus.examples.run.Output;
import org.jspecify.annotations.Nullable;

/**
 * Runs JShell's snippets in this JVM, as the execution {@code local} does, and shows their values as {@link ShortText}: the echo of an
 * array of 47 million numbers is a line, not a text of half a gigabyte. Also ends the session when what a snippet prints to {@link
 * Output} does not arrive.
 *
 * <pre>{@code
 * JShell.builder().executionEngine(new ShortEcho(), Map.of())    // or jshell --execution gradus
 * }</pre>
 */
public final class ShortEcho implements ExecutionControlProvider {

    /** What {@code --execution} calls it. */
    public static final String NAME = "gradus";

    /** For JShell, which finds it as a service. */
    public ShortEcho() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
        return new Control();
    }

    /**
     * The text of a value is made by a static method of JShell, which nobody can override. So it is given a method of ours to call that
     * calls the snippet's and returns something whose text is short already.
     */
    private static final class Control extends LocalExecutionControl {

        private static final Method SHOWN = method();

        /** Snippets run in a thread that is started for each. */
        private static final InheritableThreadLocal<Method> SNIPPET = new InheritableThreadLocal<>();

        private static Method method() {
            try {
                Method method = Control.class.getDeclaredMethod("shown");
                method.setAccessible(true);
                return method;
            } catch (NoSuchMethodException renamed) {
                throw new AssertionError(renamed);
            }
        }

        @Override
        protected String invoke(Method snippet) throws Exception {
            SNIPPET.set(snippet);
            try {
                return super.invoke(SHOWN);
            } finally {
                SNIPPET.remove();
                if (System.out instanceof Output out) {
                    out.flushOrThrow();
                }
            }
        }

        @SuppressWarnings("unused") // called by reflection
        private static Object shown() throws Throwable {
            Object value;
            try {
                value = SNIPPET.get().invoke(null);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause(); // what the snippet threw, wrapped anew by whoever calls this
            }
            String text = ShortText.of(value);
            return new Object() {
                @Override
                public String toString() {
                    return text;
                }
            };
        }

        @Override
        public @Nullable String varValue(String className, String name)
                throws RunException, EngineTerminationException, InternalException {
            Object value;
            try {
                Field field = findClass(className).getDeclaredField(name);
                field.setAccessible(true);
                value = field.get(null);
            } catch (ReflectiveOperationException unknown) {
                throw new InternalException(unknown.toString());
            }
            try {
                clientCodeEnter();
                return ShortText.of(value);
            } catch (RuntimeException | Error thrownByToString) {
                return throwConvertedInvocationException(thrownByToString);
            } finally {
                clientCodeLeave();
            }
        }
    }
}
