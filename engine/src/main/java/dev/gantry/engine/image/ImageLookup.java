package dev.gantry.engine.image;

import dev.gantry.engine.EngineException.Failed;
import dev.gantry.engine.EngineException.Invalid;
import dev.gantry.engine.EngineException.NotFound;
import dev.gantry.oci.Digest;
import dev.gantry.oci.ImageReference;
import dev.gantry.oci.MalformedException;
import dev.gantry.oci.Platform;
import dev.gantry.oci.image.Execution;
import dev.gantry.runtime.HelloWorld;
import dev.gantry.store.AmbiguousImageException;
import dev.gantry.store.Image;
import dev.gantry.store.ImageStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds images by what users write, and says Docker's words when there is none.
final class ImageLookup {
    private static final String BUILT_IN = "docker.io/library/hello-world:latest";
    private static final Execution HELLO = new Execution.Builder()
            .env(List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"))
            .cmd(List.of("/hello"))
            .build();

    private final ImageStore store;

    ImageLookup(ImageStore store) {
        this.store = store;
    }

    /// An image that is here.
    ///
    /// @throws NotFound if it is not
    /// @throws Invalid if the text is neither a reference nor an ID, or fits several IDs
    Image present(String ref) {
        return find(ref).orElseThrow(() -> new NotFound("No such image: " + familiar(ref)));
    }

    /// An image that is here or built in; the built-in one is put into the store.
    Image wanted(String ref) {
        return find(ref).or(() -> builtIn(ref)).orElseThrow(() -> new NotFound("No such image: " + familiar(ref)));
    }

    private Optional<Image> find(String ref) {
        try {
            return store.find(ref);
        } catch (MalformedException | AmbiguousImageException e) {
            throw new Invalid(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private Optional<Image> builtIn(String ref) {
        try {
            if (Digest.isHexId(ref)
                    || !ImageReference.parse(ref).withDefaultTag().toString().equals(BUILT_IN)) {
                return Optional.empty();
            }
            byte[] hello = HelloWorld.executable(Platform.host());
            return Optional.of(store.addBuiltIn(ImageReference.parse(BUILT_IN), HELLO, Map.of("hello", hello)));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static String familiar(String ref) {
        if (Digest.isHexId(ref)) {
            return "sha256:" + ref;
        }
        return parse(ref).withDefaultTag().familiar();
    }

    /// @throws Invalid with Docker's text
    static ImageReference parse(String text) {
        try {
            return ImageReference.parse(text);
        } catch (MalformedException e) {
            throw new Invalid(String.valueOf(e.getMessage()), e);
        }
    }

    static Failed failed(IOException e) {
        return new Failed("image store: " + e.getMessage(), e);
    }
}
