/// A small HTTP/1.1 client for one exchange per connection, over a Unix socket or TCP.
///
/// Everything that a server sends is limited: line length, header count, chunk sizes. A connection can be taken
/// over after `101 Switching Protocols` (hijacking), with half-close in both directions.
@NullMarked
package dev.gantry.cli.http;

import org.jspecify.annotations.NullMarked;
