package dev.gantry.daemon;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Security;

/// Hash functions and ciphers in machine code.
///
/// The daemon runs without HotSpot's second compiler (see `gantry`), and with it lacks the intrinsics for SHA-256 and
/// AES-GCM: the JDK's own code then hashes a layer at a twentieth of the speed (docs/performance.md).
final class Cryptography {
    private static final Logger LOGGER = System.getLogger(Cryptography.class.getName());

    private Cryptography() {}

    /// Puts the library before the JDK's providers, while others go on: loading it takes a tenth of a second. Where
    /// it cannot be loaded, for want of a glibc or of a temporary directory that may hold code, the JDK's serve.
    static void install() {
        Thread.ofPlatform().daemon().name("cryptography").start(() -> {
            AmazonCorrettoCryptoProvider library = AmazonCorrettoCryptoProvider.INSTANCE;
            Throwable failure = library.getLoadingError();
            if (failure == null) {
                Security.insertProviderAt(library, 1);
            } else {
                LOGGER.log(Level.INFO, "hashing in Java, which is slower: {0}", failure.getMessage());
            }
        });
    }
}
