package org.gradus.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** A Chromium without a window, driven through its DevTools protocol: https://chromedevtools.github.io/devtools-protocol/. */
public final class Chromium implements AutoCloseable {

    static final String PROPERTY = "gradus.chromium";

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

    /** For starting on a busy machine, and for each answer. */
    private static final int PATIENCE_SECONDS = 120;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final Map<String, BiConsumer<String, JsonNode>> sessions = new ConcurrentHashMap<>();

    private Chromium(Process process, URI address) {
        this.process = process;
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address, new Messages())
                .join();
    }

    /**
     * The program.
     *
     * @param named its file, or empty
     * @param path folders to look in, as in the variable PATH
     * @throws IllegalStateException if there is none; says what to install
     */
    static Path find(String named, String path) {
        if (!named.isEmpty()) {
            if (!Files.isExecutable(Path.of(named))) {
                throw new IllegalStateException("property " + PROPERTY + " names " + named
                        + ", which is no program; give the file of Chromium or Chrome");
            }
            return Path.of(named);
        }
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("the pages of the report are tested in Chromium, and none of "
                                + String.join(", ", NAMES)
                                + " is on the PATH: install it (Debian: apt-get install chromium) or name"
                                + " its file with -D" + PROPERTY + "=FILE"));
    }

    /** Starts Chromium with an empty profile in a folder. */
    public static Chromium start(Path profile) throws IOException, InterruptedException {
        Path program = find(
                System.getProperty(PROPERTY, ""),
                Optional.ofNullable(System.getenv("PATH")).orElse(""));
        Path log = profile.resolve("chromium.log");
        // No sandbox: as root, as in a container, Chromium does not start with one, and the pages are our own.
        // SwiftShader
        // draws WebGL where there is no graphics card.
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-dev-shm-usage",
                        "--use-angle=swiftshader",
                        "--enable-unsafe-swiftshader",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-extensions",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            return new Chromium(process, address(process, profile, log));
        } catch (IOException | InterruptedException | RuntimeException failed) {
            process.destroyForcibly();
            throw failed;
        }
    }

    /** Chromium writes its port and path into a file when it is ready. */
    private static URI address(Process process, Path profile, Path log) throws IOException, InterruptedException {
        Path file = profile.resolve("DevToolsActivePort");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (process.isAlive() && System.nanoTime() < end) {
            if (Files.exists(file)) {
                List<String> lines = Files.readAllLines(file);
                if (lines.size() >= 2) {
                    return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
                }
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException("Chromium did not start; it said:\n" + Files.readString(log));
    }

    /** An empty page. */
    public Page newPage() {
        String target = call("", "Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .asText();
        String session = call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asText();
        return new Page(session, target);
    }

    /** Sends a command and waits for its answer. */
    private JsonNode call(String session, String method, Map<String, ?> parameters) {
        int id = lastId.incrementAndGet();
        ObjectNode message = JSON.createObjectNode();
        message.put("id", id);
        message.put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        synchronized (socket) {
            socket.sendText(message.toString(), true).join();
        }
        try {
            return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException failed) {
            throw new IllegalStateException("Chromium: " + method + ": " + failed.getCause(), failed);
        }
    }

    @Override
    public void close() {
        call("", "Browser.close", Map.of());
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private final class Messages implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                String message = text.toString();
                text.setLength(0);
                try {
                    receive(JSON.readTree(message));
                } catch (IOException notJson) {
                    throw new IllegalStateException("Chromium sent " + message, notJson);
                }
            }
            return WebSocket.Listener.super.onText(webSocket, part, last);
        }

        private void receive(JsonNode message) {
            if (!message.has("id")) {
                BiConsumer<String, JsonNode> session =
                        sessions.get(message.path("sessionId").asText());
                if (session != null) {
                    session.accept(message.get("method").asText(), message.path("params"));
                }
                return;
            }
            CompletableFuture<JsonNode> answer =
                    answers.remove(message.get("id").asInt());
            if (message.has("error")) {
                answer.completeExceptionally(
                        new IllegalStateException(message.get("error").toString()));
            } else {
                answer.complete(message.get("result"));
            }
        }
    }

    /** A tab. */
    public final class Page implements AutoCloseable {

        private final String session;
        private final String target;
        private final List<String> errors = new ArrayList<>();
        private final List<String> requests = new ArrayList<>();
        private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();

        private Page(String session, String target) {
            this.session = session;
            this.target = target;
            sessions.put(session, this::event);
            for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
                send(domain + ".enable", Map.of());
            }
        }

        private JsonNode send(String method, Map<String, ?> parameters) {
            return call(session, method, parameters);
        }

        private void event(String method, JsonNode event) {
            switch (method) {
                case "Page.loadEventFired" -> loaded.complete(null);
                case "Network.requestWillBeSent" ->
                    note(requests, event.path("request").path("url").asText());
                case "Network.loadingFailed" -> note(errors, "not loaded: " + event);
                case "Runtime.exceptionThrown" -> note(errors, "exception: " + event.path("exceptionDetails"));
                case "Runtime.consoleAPICalled" ->
                    noteIfError(event.path("type").asText(), event.path("args"));
                case "Log.entryAdded" ->
                    noteIfError(event.path("entry").path("level").asText(), event.path("entry"));
                default -> {}
            }
        }

        private void noteIfError(String level, JsonNode what) {
            if (level.equals("error") || level.equals("assert")) {
                note(errors, "console: " + what);
            }
        }

        private void note(List<String> list, String what) {
            synchronized (list) {
                list.add(what);
            }
        }

        /** What went wrong up to now, on the console or on the way there. */
        public List<String> errors() {
            synchronized (errors) {
                return List.copyOf(errors);
            }
        }

        /** Addresses of all that was asked for. */
        public List<String> requests() {
            synchronized (requests) {
                return List.copyOf(requests);
            }
        }

        /** The size of the window, in CSS pixels, and what the reader prefers. */
        public void view(int width, int height, boolean phone, boolean dark) {
            send(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", width, "height", height, "deviceScaleFactor", phone ? 2 : 1, "mobile", phone));
            send(
                    "Emulation.setEmulatedMedia",
                    Map.of(
                            "features",
                            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        }

        /** Loads a file and waits until it is there with all its parts and deferred scripts. */
        public void open(Path file) {
            loaded = new CompletableFuture<>();
            send("Page.navigate", Map.of("url", file.toUri().toString()));
            loaded.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        }

        /** The value of an expression; that of a promise is waited for. */
        public JsonNode evaluate(String expression) {
            JsonNode answer = send(
                    "Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
            if (answer.has("exceptionDetails")) {
                throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
            }
            return answer.get("result").path("value");
        }

        /** Waits until the page has drawn what it was told before. */
        public void nextFrame() {
            evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))");
        }

        public void movePointer(double x, double y) {
            send("Input.dispatchMouseEvent", Map.of("type", "mouseMoved", "x", x, "y", y));
            nextFrame();
        }

        /** Presses a key such as Tab or ArrowRight. */
        public void press(String key, int code) {
            for (String type : List.of("rawKeyDown", "keyUp")) {
                send(
                        "Input.dispatchKeyEvent",
                        Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
            }
            nextFrame();
        }

        /** The whole page as PNG, in Base64. */
        public String screenshot() {
            JsonNode size = send("Page.getLayoutMetrics", Map.of()).get("cssContentSize");
            return send(
                            "Page.captureScreenshot",
                            Map.of(
                                    "captureBeyondViewport",
                                    true,
                                    "clip",
                                    Map.of(
                                            "x", 0,
                                            "y", 0,
                                            "width", size.get("width").asInt(),
                                            "height", size.get("height").asInt(),
                                            "scale", 1)))
                    .get("data")
                    .asText();
        }

        @Override
        public void close() {
            sessions.remove(session);
            call("", "Target.closeTarget", Map.of("targetId", target));
        }
    }
}
