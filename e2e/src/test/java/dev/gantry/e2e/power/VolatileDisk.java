package dev.gantry.e2e.power;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// A disk with a write cache that a power cut empties: of the sectors that were written since the last flush any may be
/// lost, in any order, as real disks are allowed to. (Killing a virtual machine whose disk is a file is
/// milder: what the guest has sent is in the host's page cache, flushed or not.)
///
/// The file always holds what a reader sees. Beside it, in memory, is what the sectors held at the last flush.
final class VolatileDisk implements AutoCloseable {
    /// What a disk of today writes as a whole. With less, ext4 would not survive: its superblock has 1024 bytes and a
    /// checksum, which is verified before the journal is replayed.
    static final int SECTOR = 4096;

    private final FileChannel file;
    private final Map<Long, byte[]> flushed = new HashMap<>();

    private VolatileDisk(FileChannel file) {
        this.file = file;
    }

    static VolatileDisk open(Path file) throws IOException {
        return new VolatileDisk(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    synchronized long size() throws IOException {
        return file.size();
    }

    /// @param offset a multiple of the sector's size, as are all lengths
    synchronized byte[] read(long offset, int length) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(length);
        while (content.hasRemaining()) {
            if (file.read(content, offset + content.position()) < 0) {
                throw new EOFException("read of %d bytes at %d, beyond the disk's end".formatted(length, offset));
            }
        }
        return content.array();
    }

    /// Writes into the cache.
    synchronized void write(long offset, byte[] content) throws IOException {
        byte[] before = read(offset, content.length);
        for (int at = 0; at < content.length; at += SECTOR) {
            byte[] sector = new byte[SECTOR];
            System.arraycopy(before, at, sector, 0, SECTOR);
            flushed.putIfAbsent((offset + at) / SECTOR, sector);
        }
        put(offset, content);
    }

    private void put(long offset, byte[] content) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
            int _ = file.write(bytes, offset + bytes.position());
        }
    }

    /// Keeps everything that was written before.
    synchronized void flush() {
        flushed.clear();
    }

    /// Loses each sector that was written since the last flush, with this probability.
    ///
    /// @return how many are lost
    synchronized int lose(RandomGenerator random, double probability) throws IOException {
        int lost = 0;
        for (Map.Entry<Long, byte[]> sector : flushed.entrySet()) {
            if (random.nextDouble() < probability) {
                put(sector.getKey() * SECTOR, sector.getValue());
                lost++;
            }
        }
        flushed.clear();
        return lost;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
