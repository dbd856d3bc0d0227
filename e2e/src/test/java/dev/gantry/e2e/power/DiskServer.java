package dev.gantry.e2e.power;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Serves a [VolatileDisk] to one machine at a time, by the network block device protocol
/// (<https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md>, the fixed newstyle handshake and
/// simple replies), and stops at a certain request: from then on the machine has no power.
final class DiskServer implements AutoCloseable {
    private static final long SERVER_MAGIC = 0x4e42444d41474943L; // NBDMAGIC
    private static final long OPTION_MAGIC = 0x49484156454f5054L; // IHAVEOPT
    private static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int REPLY_MAGIC = 0x67446698;

    private static final int FIXED_NEWSTYLE_NO_ZEROES = 3;
    /// The flags are there, and flushes are understood.
    private static final int EXPORT_FLAGS = 1 | 4;

    private static final int OPTION_GO = 7;
    private static final int REPLY_ACK = 1;
    private static final int REPLY_INFO = 3;
    private static final int REPLY_UNSUPPORTED = 0x80000001;
    private static final int INVALID = 22;

    private final VolatileDisk disk;
    private final Path socket;
    private final ServerSocketChannel listener;
    private final CountDownLatch off = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().name("disk").unstarted(this::serve);
    private long left = Long.MAX_VALUE;
    private int spent;

    private DiskServer(VolatileDisk disk, Path socket, ServerSocketChannel listener) {
        this.disk = disk;
        this.socket = socket;
        this.listener = listener;
    }

    static DiskServer start(VolatileDisk disk, Path socket) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        DiskServer server = new DiskServer(disk, socket, listener);
        server.thread.start();
        return server;
    }

    /// Cuts the power after so many more writes and flushes.
    synchronized void cutAfter(long requests) {
        left = requests;
        spent = 0;
    }

    /// How many there have been since then.
    synchronized int requests() {
        return spent;
    }

    /// Cuts the power now.
    synchronized void cut() {
        left = 0;
        off.countDown();
    }

    /// Waits for the power to be cut.
    ///
    /// @return whether it was
    boolean awaitCut(Duration time) throws InterruptedException {
        return off.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Whether there still is power for a write or a flush.
    private synchronized boolean spend() {
        if (left <= 0) {
            off.countDown();
            return false;
        }
        left--;
        spent++;
        return true;
    }

    private void serve() {
        try (SocketChannel machine = listener.accept();
                DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(machine)));
                DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(machine)))) {
            out.writeLong(SERVER_MAGIC);
            out.writeLong(OPTION_MAGIC);
            out.writeShort(FIXED_NEWSTYLE_NO_ZEROES);
            out.flush();
            in.readInt(); // the client's flags
            while (!negotiated(in, out)) {
                out.flush();
            }
            out.flush();
            while (answered(in, out)) {
                if (in.available() == 0) {
                    out.flush();
                }
            }
            // until the machine has ended: without power it gets no answer, and no error either
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // the machine has ended, or its disk has been closed
        }
    }

    /// One option of the handshake.
    private boolean negotiated(DataInputStream in, DataOutputStream out) throws IOException {
        in.readLong(); // magic
        int option = in.readInt();
        in.skipNBytes(in.readInt());
        if (option != OPTION_GO) {
            optionReply(out, option, REPLY_UNSUPPORTED, 0);
            return false;
        }
        optionReply(out, option, REPLY_INFO, 12);
        out.writeShort(0); // about the export
        out.writeLong(disk.size());
        out.writeShort(EXPORT_FLAGS);
        optionReply(out, option, REPLY_ACK, 0);
        return true;
    }

    private static void optionReply(DataOutputStream out, int option, int reply, int length) throws IOException {
        out.writeLong(OPTION_REPLY_MAGIC);
        out.writeInt(option);
        out.writeInt(reply);
        out.writeInt(length);
    }

    /// One request.
    ///
    /// @return whether there may be another one
    private boolean answered(DataInputStream in, DataOutputStream out) throws IOException {
        if (in.readInt() != REQUEST_MAGIC) {
            throw new IOException("a request without its magic");
        }
        in.readUnsignedShort(); // flags, of which none has been offered
        int type = in.readUnsignedShort();
        long handle = in.readLong();
        long offset = in.readLong();
        int length = in.readInt();
        switch (type) {
            case 0 -> {
                byte[] content = disk.read(offset, length);
                reply(out, handle, 0);
                out.write(content);
            }
            case 1 -> {
                byte[] content = in.readNBytes(length);
                if (!spend()) {
                    return false;
                }
                disk.write(offset, content);
                reply(out, handle, 0);
            }
            case 2 -> {
                return false;
            }
            case 3 -> {
                if (!spend()) {
                    return false;
                }
                disk.flush();
                reply(out, handle, 0);
            }
            default -> reply(out, handle, INVALID);
        }
        return true;
    }

    private static void reply(DataOutputStream out, long handle, int error) throws IOException {
        out.writeInt(REPLY_MAGIC);
        out.writeInt(error);
        out.writeLong(handle);
    }

    /// Its address, as QEMU has it.
    String address() {
        return "nbd:unix:" + socket;
    }

    /// Once the machine has ended: waits until nothing of what it has sent is on its way any more.
    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(socket);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a disk ends", e);
        }
    }
}
