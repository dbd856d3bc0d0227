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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /// An image that is here, for this platform.
    ///
    /// @throws NotFound if it is not
    Image present(String ref, Platform platform) {
        return of(store, platform, ref, present(ref));
    }

    /// An image that is here or built in, for this platform; null is what the text means.
    ///
    /// @throws NotFound if it is not
    Image wanted(String ref, @Nullable Platform platform) {
        Image image = wanted(ref);
        return platform == null ? image : of(store, platform, ref, image);
    }

    /// The image for a platform, of those that a name has here.
    ///
    /// @throws NotFound if there is none
    static Image of(ImageStore store, Platform platform, String ref, Image image) {
        return store.platforms(image).stream()
                .filter(each -> platform.matches(each.config().platform()))
                .findFirst()
                .orElseThrow(() -> mismatch(ref, platform, image.config().platform()));
    }

    static NotFound mismatch(String ref, Platform wanted, Platform actual) {
        return new NotFound("image with reference " + ref
                + " was found but does not match the specified platform: wanted " + wanted + ", actual: " + actual);
    }

    /// The names with a tag that images here have in a repository, sorted.
    static List<ImageReference> tags(ImageStore store, ImageReference repository) {
        return store.list().stream()
                .flatMap(image -> image.tags().stream())
                .filter(repository::isSameRepository)
                .sorted(Comparator.comparing(ImageReference::toString))
                .toList();
    }

    /// Null for none.
    ///
    /// @throws Invalid if it is malformed
    static @Nullable Platform platform(@Nullable String text) {
        try {
            return text == null || text.isEmpty() ? null : Platform.parse(text);
        } catch (MalformedException e) {
            throw new Invalid(String.valueOf(e.getMessage()), e);
        }
    }

    /// @throws Invalid if the text is neither a reference nor an ID, or fits several IDs
    Optional<Image> find(String ref) {
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

    /// A name that an image is to be given.
    ///
    /// @throws Invalid with Docker's text, also of one that looks like an ID
    static ImageReference newName(String text) {
        ImageReference name = parse(text);
        if (name.familiarName().equals("sha256")) {
            throw new Invalid("refusing to create an ambiguous tag using digest algorithm as name");
        }
        return name;
    }

    static Failed failed(IOException e) {
        return new Failed("image store: " + e.getMessage(), e);
    }
}
