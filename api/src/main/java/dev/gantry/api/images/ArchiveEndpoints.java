package dev.gantry.api.images;

import dev.gantry.api.http.Exchange;
import dev.gantry.engine.EngineException;
import dev.gantry.engine.Images;
import dev.gantry.engine.Images.Progress;
import dev.gantry.engine.Images.SavedImages;
import dev.gantry.engine.request.LoadRequest;
import dev.gantry.oci.Platform;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Archives of images.
public final class ArchiveEndpoints {
    private static final String TAR = "application/x-tar";

    private final Images images;

    public ArchiveEndpoints(Images images) {
        this.images = images;
    }

    /// `GET /images/get`
    public void saveSeveral(Exchange exchange) throws IOException {
        save(exchange, exchange.query().all("names"));
    }

    /// `GET /images/{name}/get`
    public void save(Exchange exchange) throws IOException {
        save(exchange, List.of(exchange.variable("name")));
    }

    private void save(Exchange exchange, List<String> names) throws IOException {
        try (SavedImages archive = images.save(names, platforms(exchange))) {
            OutputStream out = exchange.stream(200, TAR);
            archive.writeTo(out);
            out.close(); // not after a failure: the client must see that this was not the end
        }
    }

    /// `POST /images/load`
    public void load(Exchange exchange) throws IOException {
        List<Platform> platforms = platforms(exchange);
        boolean quiet = exchange.query().flag("quiet");
        try (ProgressStream answer = new ProgressStream(exchange)) {
            Consumer<Progress> progress = quiet ? _ -> {} : answer;
            try {
                for (String line : images.load(new LoadRequest(exchange.body(), platforms), progress)) {
                    answer.send(Map.of("stream", line + "\n"));
                }
            } catch (EngineException e) {
                answer.fail(String.valueOf(e.getMessage()));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause(); // the client has gone
        }
    }

    private static List<Platform> platforms(Exchange exchange) {
        return exchange.version().atLeast(48) ? PlatformParameter.all(exchange, "platform") : List.of();
    }
}
