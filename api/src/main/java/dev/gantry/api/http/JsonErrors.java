package dev.gantry.api.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Every error as Docker writes it: `{"message": …}`, also for requests that the web server itself refuses.
public final class JsonErrors extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Object cause = request.getAttribute(ERROR_EXCEPTION);
        Object text = request.getAttribute(ERROR_MESSAGE);
        int status = response.getStatus();
        write(response, callback, status, describe(status, cause, text == null ? null : text.toString()));
        return true;
    }

    private static String describe(int status, @Nullable Object cause, @Nullable String text) {
        String reason = cause instanceof HttpException http && http.getReason() != null ? http.getReason() : text;
        String what = status >= 500 ? "server error" : "malformed HTTP request";
        return what + ": " + (reason == null ? HttpStatus.getMessage(status) : reason);
    }

    /// Answers with an error; a status without a body (304) stays without.
    static void write(Response response, Callback callback, int status, String message) {
        response.setStatus(status);
        if (status == HttpStatus.NOT_MODIFIED_304) {
            callback.succeeded();
            return;
        }
        byte[] body = JsonBody.encode(new Problem(message));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Exchange.JSON);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
