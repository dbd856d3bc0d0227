/// Who needs which content of the image store.
@NullMarked
package dev.gantry.engine.content;

import org.jspecify.annotations.NullMarked;
