package dev.gantry.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What has happened: the last events are kept, new ones reach every subscriber.
public interface Events {
    /// Subscribes, at once.
    ///
    /// @param filters `config, container, daemon, event, image, label, network, node, plugin, scope, secret,
    ///     service, type, volume`
    /// @param since null is now
    /// @param until null is for ever; else the stream ends then
    EventStream subscribe(Filters filters, @Nullable Instant since, @Nullable Instant until);
}
