/** A program that trains on handwritten digits. */
module sample {
    requires org.gradus.core;
    requires org.gradus.mnist;
}
