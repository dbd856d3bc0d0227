package dev.gantry.api.http;

import dev.gantry.engine.EngineException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Takes a request from the web server to its route, and every failure back to a status: the only place that does.
public final class Dispatcher extends Handler.Abstract {
    private static final Logger LOGGER = System.getLogger(Dispatcher.class.getName());

    private final Router router;
    private final Map<String, String> headers;

    /// @param headers what every answer carries
    public Dispatcher(Router router, Map<String, String> headers) {
        this.router = router;
        this.headers = Map.copyOf(headers);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        headers.forEach(response.getHeaders()::put);
        Exchange exchange;
        try {
            Router.Match match =
                    router.find(request.getMethod(), request.getHttpURI().getPath());
            exchange = new Exchange(request, response, match);
        } catch (HttpFailure e) {
            JsonErrors.write(response, callback, e.status(), e.getMessage());
            return true;
        }
        LOGGER.log(Level.DEBUG, () -> "calling " + exchange.describe());
        try {
            exchange.route().handler().handle(exchange);
            finish(exchange, request, callback);
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, () -> exchange.describe() + ": connection ended: " + e.getMessage());
            callback.failed(e);
        } catch (InterruptedException _) {
            // the server is stopping, or the client has gone
            callback.succeeded();
        } catch (RuntimeException e) {
            refuse(exchange, response, callback, e);
        }
        return true;
    }

    private void finish(Exchange exchange, Request request, Callback callback) {
        Hijack hijack = exchange.hijack();
        if (hijack == null) {
            exchange.discardRest();
        } else {
            takeOver(request, hijack);
        }
        callback.succeeded();
    }

    /// The web server upgrades when the response is complete; this response is complete without a byte, and the
    /// connection writes its own head, because "101 UPGRADED" and an unframed 200 are no answers that
    /// a server generates.
    private void takeOver(Request request, Hijack hijack) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        StringBuilder common = new StringBuilder();
        headers.forEach(
                (name, value) -> common.append(name).append(": ").append(value).append("\r\n"));
        var connection =
                new HijackedConnection(endPoint, request.getComponents().getExecutor(), hijack, common.toString());
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, connection);
        request.addHttpStreamWrapper(SilentStream::new);
    }

    private static final class SilentStream extends HttpStream.Wrapper {
        SilentStream(HttpStream wrapped) {
            super(wrapped);
        }

        @Override
        public void send(
                MetaData.Request request,
                MetaData.Response response,
                boolean last,
                java.nio.ByteBuffer content,
                Callback callback) {
            callback.succeeded();
        }
    }

    private static void refuse(Exchange exchange, Response response, Callback callback, RuntimeException failure) {
        int status = statusOf(failure);
        if (isUnexpected(failure)) {
            LOGGER.log(Level.ERROR, () -> "handler for " + exchange.describe() + ": " + failure.getMessage(), failure);
        } else {
            LOGGER.log(Level.DEBUG, () -> exchange.describe() + ": " + status + " " + failure.getMessage());
        }
        if (exchange.answered()) {
            // half an answer: end the connection, so that the client does not take it for a whole one
            callback.failed(failure);
            return;
        }
        HttpFields.Mutable fields = response.getHeaders();
        fields.remove(HttpHeader.CONTENT_LENGTH);
        Callback written = Callback.from(
                () -> {
                    exchange.discardRest();
                    callback.succeeded();
                },
                callback::failed);
        JsonErrors.write(response, written, status, messageOf(failure));
    }

    /// Whether the daemon or the host is at fault: worth a trace in the log. A refusal is told to the client.
    private static boolean isUnexpected(RuntimeException failure) {
        return switch (failure) {
            case HttpFailure _ -> false;
            case EngineException engine -> engine instanceof EngineException.Failed;
            default -> true;
        };
    }

    private static int statusOf(RuntimeException failure) {
        return switch (failure) {
            case HttpFailure http -> http.status();
            case EngineException engine -> statusOf(engine);
            default -> 500;
        };
    }

    private static int statusOf(EngineException failure) {
        return switch (failure) {
            case EngineException.NotModified _ -> 304;
            case EngineException.Invalid _ -> 400;
            case EngineException.Unauthorized _ -> 401;
            case EngineException.NotFound _ -> 404;
            case EngineException.Conflict _ -> 409;
            case EngineException.Failed _ -> 500;
            case EngineException.Unsupported _ -> 501;
        };
    }

    private static String messageOf(RuntimeException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
