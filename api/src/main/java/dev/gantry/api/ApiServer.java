package dev.gantry.api;

import dev.gantry.api.http.ApiVersion;
import dev.gantry.api.http.Connectors;
import dev.gantry.api.http.Dispatcher;
import dev.gantry.api.http.JsonErrors;
import dev.gantry.api.http.Router;
import dev.gantry.api.system.SystemEndpoints;
import dev.gantry.engine.Engine;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The Docker Engine HTTP API on sockets.
///
/// Handlers run on virtual threads, one per request; a handful of platform threads watch the sockets.
/// Started once, closed once; closing ends every connection.
public final class ApiServer implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(ApiServer.class.getName());

    /// One selector for each listener, and some to hand work over; handlers do not run on these.
    private static final int MIN_THREADS = 2;

    private static final int MAX_THREADS = 32;
    private static final int THREAD_IDLE_MILLIS = 10_000;
    private static final Duration STOPPING = Duration.ofSeconds(5);

    private final Server server;

    /// A server that does not listen yet.
    public ApiServer(Engine engine, ApiOptions options) {
        var threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS, THREAD_IDLE_MILLIS);
        threads.setName("api");
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("api-request-", 0).factory()));
        server = new Server(threads, null, Connectors.buffers());
        server.setErrorHandler(new JsonErrors());
        server.setStopTimeout(0);
        var build = new SystemEndpoints.Build(options.version(), options.commit(), options.buildTime());
        server.setHandler(new Dispatcher(new Router(Endpoints.of(engine, build)), headers(options.version())));
    }

    private static Map<String, String> headers(String version) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Api-Version", ApiVersion.NEWEST.toString());
        headers.put("Docker-Experimental", "false");
        headers.put("Ostype", "linux");
        headers.put("Server", "Gantry/" + version + " (linux)");
        return headers;
    }

    /// Binds every listener and answers from then on.
    ///
    /// @throws IOException naming the listener that cannot be bound; nothing listens then
    public void start(List<Listener> listeners) throws IOException {
        for (Listener listener : listeners) {
            server.addConnector(connector(listener));
        }
        try {
            server.start();
            for (Listener listener : listeners) {
                opened(listener);
            }
        } catch (Exception e) {
            close();
            throw new IOException("listen on " + listeners + ": " + e.getMessage(), e);
        }
    }

    private Connector connector(Listener listener) throws IOException {
        return switch (listener) {
            case Listener.Unix unix -> Connectors.unix(server, unix.path());
            case Listener.Tcp tcp -> Connectors.tcp(server, tcp.address());
        };
    }

    private static void opened(Listener listener) throws IOException {
        switch (listener) {
            case Listener.Unix(var path, var group) -> {
                if (!Connectors.admit(path, group)) {
                    LOGGER.log(Level.WARNING, "group {0} does not exist: only root can use {1}", group, path);
                }
            }
            case Listener.Tcp tcp ->
                LOGGER.log(Level.WARNING, "API on tcp://{0} without TLS: whoever reaches it is root on this host", tcp);
        }
        LOGGER.log(Level.INFO, "API listen on {0}", listener);
    }

    /// Stops listening and ends every connection. Idempotent.
    ///
    /// Jetty 12.1.14 may wait for ever here: its selector, which ends the connections, waits for an answer that
    /// is just being completed, and which needs the selector for that.
    @Override
    public void close() {
        Thread stopping = Thread.ofPlatform().daemon().name("api-stop").start(this::stop);
        try {
            if (!stopping.join(STOPPING)) {
                LOGGER.log(Level.WARNING, "stopping the API: connections are left after {0} s", STOPPING.toSeconds());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() {
        try {
            server.stop();
        } catch (Exception e) {
            LOGGER.log(Level.WARNING, "stopping the API: {0}", e.getMessage());
        }
    }
}
