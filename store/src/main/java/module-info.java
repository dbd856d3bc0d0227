/// Images on disk: content by digest, layers unpacked once, names.
module dev.gantry.store {
    requires static transitive org.jspecify;
    requires transitive dev.gantry.oci;
    requires dev.gantry.kernel;
    requires com.github.luben.zstd_jni;
    requires org.apache.commons.compress;
    requires org.tukaani.xz;

    exports dev.gantry.store;

    opens dev.gantry.store to
            tools.jackson.databind;
}
