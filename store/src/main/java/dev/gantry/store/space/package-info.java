/// What a store does when its file system is full: it says so, and keeps what it needs to free some.
@NullMarked
package dev.gantry.store.space;

import org.jspecify.annotations.NullMarked;
