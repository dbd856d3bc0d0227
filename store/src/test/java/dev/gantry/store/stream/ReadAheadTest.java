package dev.gantry.store.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.oci.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private static final int SIZE = 3_000_001;

    @Test
    void givesEveryByteInOrder() throws IOException {
        byte[] bytes = new byte[SIZE];
        new Random(1).nextBytes(bytes);
        try (ReadAhead ahead = new ReadAhead(new ByteArrayInputStream(bytes))) {
            assertThat(ahead.read()).isEqualTo(bytes[0] & 0xFF);
            assertThat(ahead.readNBytes(SIZE - 1)).endsWith(bytes[SIZE - 1]).hasSize(SIZE - 1);
            assertThat(ahead.read()).isEqualTo(-1);
            assertThat(ahead.read()).isEqualTo(-1);
        }
    }

    @Test
    void failsWhereTheOtherStreamFails() throws IOException {
        MalformedException failure = new MalformedException("broken");
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[SIZE]), new Source() {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw failure;
            }
        });
        try (ReadAhead ahead = new ReadAhead(broken)) {
            assertThatThrownBy(ahead::readAllBytes).isSameAs(failure);
            assertThatThrownBy(ahead::read).isSameAs(failure);
        }
    }

    @Test
    void failsAlsoWhereTheOtherStreamBreaksDown() throws IOException {
        LinkageError failure = new LinkageError("no such library");
        InputStream broken = new Source() {
            @Override
            public int read(byte[] bytes, int offset, int length) {
                throw failure;
            }
        };
        try (ReadAhead ahead = new ReadAhead(broken)) {
            assertThatThrownBy(ahead::read).isInstanceOf(IOException.class).hasCause(failure);
        }
    }

    @Test
    void readsNoFurtherThanTheChunksGo() throws Exception {
        Endless endless = new Endless();
        try (ReadAhead ahead = new ReadAhead(endless)) {
            assertThat(ahead.readNBytes(10)).hasSize(10);
        }
        assertThat(endless.count.get()).isPositive().isLessThan(4 << 20);
    }

    @Test
    void closeEndsAReadThatWaits() throws Exception {
        Waiting waiting = new Waiting();
        ReadAhead ahead = new ReadAhead(waiting);
        waiting.begun.await();
        ahead.close();
        assertThat(waiting.interrupted).isTrue();
    }

    @Test
    void anInterruptEndsWaitingForBytes() throws Exception {
        Waiting waiting = new Waiting();
        try (ReadAhead ahead = new ReadAhead(waiting)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(ahead::read).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private abstract static class Source extends InputStream {
        @Override
        public int read() {
            throw new UnsupportedOperationException("byte by byte");
        }

        @Override
        public abstract int read(byte[] bytes, int offset, int length) throws IOException;
    }

    private static final class Endless extends Source {
        private final AtomicLong count = new AtomicLong();

        @Override
        public int read(byte[] bytes, int offset, int length) {
            count.addAndGet(length);
            return length;
        }
    }

    private static final class Waiting extends Source {
        private final CountDownLatch begun = new CountDownLatch(1);
        private volatile boolean interrupted;

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
                return 0;
            } catch (InterruptedException _) {
                interrupted = true;
                throw new InterruptedIOException();
            }
        }
    }
}
