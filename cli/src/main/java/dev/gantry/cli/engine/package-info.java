/// The Docker Engine API as a client sees it: version negotiation, error bodies, JSON requests, streams.
@NullMarked
package dev.gantry.cli.engine;

import org.jspecify.annotations.NullMarked;
