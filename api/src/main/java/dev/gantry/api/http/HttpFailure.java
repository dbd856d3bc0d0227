package dev.gantry.api.http;

/// A request that the HTTP layer itself refuses: the status and the text that the client prints.
public final class HttpFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /// A refusal with an HTTP status of 400 and more.
    public HttpFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    /// 400, for what is wrong with the request itself.
    public static HttpFailure badRequest(String message) {
        return new HttpFailure(400, message);
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// The text for the client; never null here.
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
