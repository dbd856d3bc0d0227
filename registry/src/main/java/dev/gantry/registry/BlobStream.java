package dev.gantry.registry;

import dev.gantry.oci.Digest;
import dev.gantry.oci.image.Descriptor;
import dev.gantry.registry.Retry.Limits;
import dev.gantry.registry.http.Answer;
import dev.gantry.registry.http.NetworkFailure;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// A blob on its way: goes on where it was when the connection is cut, and gives its last bytes only when all of
/// them are what the digest says.
final class BlobStream extends InputStream {
    /// Asks for the blob from a byte on.
    interface Opener {
        /// An answer whose body begins at that byte.
        Answer open(long position) throws IOException;
    }

    /// An attempt that brings less has come no further: a server that sends a byte at a time must not keep us for ever.
    private static final long PROGRESS = 64 << 10;

    private final Descriptor descriptor;
    private final Opener opener;
    private final Retry retry;
    private final MessageDigest computation;
    private @Nullable Answer answer;
    private long position;
    private long resumedAt;
    private boolean verified;
    private boolean closed;

    BlobStream(Descriptor descriptor, Opener opener, Limits limits) {
        this.descriptor = descriptor;
        this.opener = opener;
        this.retry = new Retry(limits);
        this.computation = descriptor.digest().algorithm().newMessageDigest();
    }

    /// Makes the first request, so that a refusal comes from here and not from a read.
    void start() throws IOException {
        connected();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == descriptor.size()) {
            verify();
            return -1;
        }
        while (true) {
            Answer current = connected();
            try {
                int count = current.body().read(target, offset, length);
                if (count >= 0) {
                    return taken(target, offset, count);
                }
                cut(new IOException("unexpected EOF"));
            } catch (RegistryException e) {
                throw e;
            } catch (IOException e) {
                cut(e);
            }
        }
    }

    private int taken(byte[] target, int offset, int count) throws IOException {
        if (count > descriptor.size() - position) {
            throw corrupt("more than %d bytes".formatted(descriptor.size()));
        }
        computation.update(target, offset, count);
        position += count;
        if (position == descriptor.size()) {
            verify();
        }
        return count;
    }

    private void verify() throws IOException {
        if (verified) {
            return;
        }
        if (hasMore()) {
            throw corrupt("more than %d bytes".formatted(descriptor.size()));
        }
        Digest got = descriptor.digest().algorithm().finish(computation);
        if (!got.equals(descriptor.digest())) {
            throw corrupt("got content with digest " + got);
        }
        verified = true;
    }

    // reading to the end also gives the connection back for the next layer
    private boolean hasMore() {
        try {
            return answer != null && answer.body().read() >= 0;
        } catch (IOException _) {
            // all that was wanted is here
            return false;
        }
    }

    private RegistryException corrupt(String problem) {
        close();
        return new RegistryException.Corrupt("blob %s: %s".formatted(descriptor.digest(), problem), null);
    }

    private void cut(IOException failure) throws IOException {
        drop();
        if (NetworkFailure.isInterruption(failure)) {
            throw failure;
        }
        if (position - resumedAt >= PROGRESS) {
            retry.cameFurther();
        }
        retry.pauseAfter(cutHere(failure));
    }

    private RegistryException cutHere(IOException failure) {
        return new RegistryException.Unreachable(
                "blob %s: connection cut at byte %d of %d: %s"
                        .formatted(descriptor.digest(), position, descriptor.size(), failure.getMessage()),
                failure);
    }

    private Answer connected() throws IOException {
        if (closed) {
            throw new IOException("stream closed");
        }
        while (answer == null) {
            resumedAt = position;
            try {
                answer = opener.open(position);
            } catch (RegistryException.Unreachable e) {
                retry.pauseAfter(position == 0 ? e : cutHere(e));
            } catch (RegistryException e) {
                retry.pauseAfter(e);
            }
        }
        return answer;
    }

    private void drop() {
        if (answer != null) {
            answer.close();
            answer = null;
        }
    }

    @Override
    public void close() {
        closed = true;
        drop();
    }
}
