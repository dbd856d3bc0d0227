/// What a daemon cannot do because it has too little itself.
@NullMarked
package dev.gantry.engine.shortage;

import org.jspecify.annotations.NullMarked;
