"""What each network of the courses and of the first years was for: a paragraph in English and one in Spanish."""

STORIES: dict[str, tuple[str, str]] = {
    "mlp": (
        (
            "A multilayer perceptron, for comparison: every unit of a layer sees every value of the layer before, so the "
            "picture is laid out in one row and its two dimensions are forgotten. It reads clean, centred digits well, "
            "but spends 669,706 parameters on it, and a digit moved by a few pixels is a new picture to it. Train it "
            "beside quick-digits and compare. The learning rule is backpropagation (Rumelhart, Hinton and Williams, "
            "“Learning representations by back-propagating errors”, Nature, 1986)."
        ),
        (
            "Un perceptrón multicapa, para comparar: cada unidad de una capa ve todos los valores de la anterior, de modo "
            "que la imagen se pone en una sola fila y se olvidan sus dos dimensiones. Lee bien dígitos limpios y "
            "centrados, pero gasta en ello 669 706 parámetros, y un dígito desplazado unos píxeles es para él una imagen "
            "nueva. Conviene entrenarlo junto a quick-digits y comparar. La regla de aprendizaje es la retropropagación "
            "(Rumelhart, Hinton y Williams, «Learning representations by back-propagating errors», Nature, 1986)."
        ),
    ),
    "lenet5": (
        (
            "LeNet-5 read the handwritten amounts on bank cheques in the 1990s and gave convolutional networks their "
            "shape: convolution, pooling, convolution, pooling, dense layers. New were weights shared over the whole "
            "picture and features learned instead of designed. As in the original, the activation is tanh and the pools "
            "take means; simplified are the pools (theirs had a factor and an offset of their own), the second "
            "convolution (it saw only some of the six maps, here all: 61,706 parameters) and the output (it measured "
            "distances to drawn digits, here it gives plain scores). LeCun, Bottou, Bengio and Haffner, “Gradient-based "
            "learning applied to document recognition”, Proceedings of the IEEE, 1998."
        ),
        (
            "LeNet-5 leía en los años noventa las cantidades escritas a mano en los cheques y dio a las redes "
            "convolucionales su forma: convolución, submuestreo, convolución, submuestreo, capas densas. Lo nuevo eran "
            "los pesos compartidos por toda la imagen y las características aprendidas en lugar de diseñadas. Como en el "
            "original, la activación es la tanh y el submuestreo toma medias; se han simplificado el submuestreo (el suyo "
            "tenía un factor y un término propios), la segunda convolución (veía solo algunos de los seis mapas; aquí, "
            "todos: 61 706 parámetros) y la salida (medía distancias a dígitos dibujados; aquí da simples puntuaciones). "
            "LeCun, Bottou, Bengio y Haffner, «Gradient-based learning applied to document recognition», Proceedings of "
            "the IEEE, 1998."
        ),
    ),
    "course-letters": (
        (
            "The letters network of the course: 128×128 grey pictures of the 26 capital letters, a single convolution "
            "with a stride of 2, a pool and two dense layers. It shows where the parameters go: the convolution has 160, "
            "the first dense layer 8,389,120 of the 8,402,618. It ends with a softmax, as it was taught. The idea of "
            "putting a few shared kernels before the dense layers is that of LeCun et al., 1998."
        ),
        (
            "La red de letras del curso: imágenes en gris de 128×128 con las 26 letras mayúsculas, una sola convolución "
            "con paso 2, un submuestreo y dos capas densas. Muestra adónde van los parámetros: la convolución tiene 160; "
            "la primera capa densa, 8 389 120 de los 8 402 618. Termina con una softmax, como se enseñó. La idea de poner "
            "unos pocos kernels compartidos delante de las capas densas es la de LeCun et al., 1998."
        ),
    ),
    "course-digits": (
        (
            "The digits network of the course: three convolutions of 64 filters of 3×3, two pools, dropout and one dense "
            "layer of 10. Watch the sizes: 26, 13, 11, 5, 3; the pool of 11 drops a row and a column, as 11 / 2 is no "
            "whole number. With 80,266 parameters it reads more than 99 of 100 handwritten digits. It ends with a "
            "softmax, as it was taught. Dropout is from Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "
            "Journal of Machine Learning Research, 2014."
        ),
        (
            "La red de dígitos del curso: tres convoluciones de 64 filtros de 3×3, dos submuestreos, dropout y una capa "
            "densa de 10. Conviene fijarse en los tamaños: 26, 13, 11, 5, 3; el submuestreo de 11 pierde una fila y una "
            "columna, porque 11 / 2 no es entero. Con 80 266 parámetros lee más de 99 de cada 100 dígitos manuscritos. "
            "Termina con una softmax, como se enseñó. El dropout es de Srivastava, Hinton, Krizhevsky, Sutskever y "
            "Salakhutdinov, Journal of Machine Learning Research, 2014."
        ),
    ),
    "alexnet": (
        (
            "AlexNet won the ImageNet contest of 2012 so clearly (15.3 % of errors against 26.2 % of the next) that "
            "computer vision changed over within a year. New were ReLU instead of tanh, dropout, overlapping pools, much "
            "augmentation, and training on two graphics cards: each held half of the maps, which is why three of its "
            "convolutions have two groups. Local response normalization lets strong maps damp their neighbours; its "
            "α of 0.0005 here is the paper's 0.0001 times 5 channels, as PyTorch divides it by their number. Krizhevsky, "
            "Sutskever and Hinton, “ImageNet classification with deep convolutional neural networks”, NIPS, 2012."
        ),
        (
            "AlexNet ganó el concurso ImageNet de 2012 con tanta claridad (15,3 % de errores frente al 26,2 % del "
            "siguiente) que la visión por computador cambió en un año. Lo nuevo era la ReLU en lugar de la tanh, el "
            "dropout, el submuestreo con solapamiento, mucho aumento de datos y el entrenamiento en dos tarjetas "
            "gráficas: cada una tenía la mitad de los mapas, y por eso tres de sus convoluciones tienen dos grupos. La "
            "normalización de respuesta local deja que los mapas fuertes atenúen a sus vecinos; su α de 0,0005 es aquí "
            "el 0,0001 del artículo por 5 canales, pues PyTorch lo divide por su número. Krizhevsky, Sutskever y Hinton, "
            "«ImageNet classification with deep convolutional neural networks», NIPS, 2012."
        ),
    ),
    "zfnet": (
        (
            "Zeiler and Fergus looked inside AlexNet with a network run backwards, which they called a "
            "deconvolution, and saw dead and blurred kernels in its first layers. They mended them with smaller kernels "
            "and a smaller stride, 7×7 with stride 2; networks of this kind won the ImageNet contest of 2013, for Zeiler's "
            "company Clarifai. It was looking inside that had made the network better. This is the version without groups, with pools that keep the rest and 62,357,608 "
            "parameters. Zeiler and Fergus, “Visualizing and understanding convolutional networks”, ECCV, 2014 "
            "(arXiv:1311.2901)."
        ),
        (
            "Zeiler y Fergus miraron dentro de AlexNet con una red recorrida al revés, que llamaron deconvolución, "
            "y vieron kernels muertos y borrosos en sus primeras capas. Lo remediaron con kernels y pasos "
            "menores, 7×7 con paso 2; redes de este tipo ganaron el concurso ImageNet de 2013 para Clarifai, la empresa de "
            "Zeiler. Mirar dentro de la red la había hecho mejor. Esta es la versión sin grupos, con submuestreos que conservan el resto y 62 357 608 "
            "parámetros. Zeiler y Fergus, «Visualizing and understanding convolutional networks», ECCV, 2014 "
            "(arXiv:1311.2901)."
        ),
    ),
    "vgg11": (
        (
            "The shallowest of the VGG networks, which asked one question: what does depth alone bring? All kernels are "
            "3×3, every pool halves the maps and the filters double. It is configuration A of the paper, and it was "
            "trained first, to give the deeper ones their start weights. Of its 132,863,336 parameters more than nine in "
            "ten are in the dense layers. Simonyan and Zisserman, “Very deep convolutional networks for large-scale image "
            "recognition”, 2014 (arXiv:1409.1556)."
        ),
        (
            "La menos profunda de las redes VGG, que hicieron una sola pregunta: ¿qué aporta la profundidad por sí sola? "
            "Todos los kernels son de 3×3, cada submuestreo reduce los mapas a la mitad y los filtros se duplican. Es la "
            "configuración A del artículo, y se entrenó primero para dar a las más profundas sus pesos iniciales. De sus "
            "132 863 336 parámetros, más de nueve de cada diez están en las capas densas. Simonyan y Zisserman, «Very "
            "deep convolutional networks for large-scale image recognition», 2014 (arXiv:1409.1556)."
        ),
    ),
    "vgg13": (
        (
            "VGG-13, configuration B of the paper: two 3×3 convolutions in every stage. Two of them one after the other "
            "see 5×5 pixels, as one 5×5 kernel would, with 18 weights instead of 25 for each pair of maps and one more "
            "ReLU between. That exchange, small kernels in a row for a large one, is what VGG taught everybody. Simonyan "
            "and Zisserman, “Very deep convolutional networks for large-scale image recognition”, 2014 (arXiv:1409.1556)."
        ),
        (
            "VGG-13, la configuración B del artículo: dos convoluciones de 3×3 en cada etapa. Dos seguidas ven 5×5 "
            "píxeles, como un kernel de 5×5, con 18 pesos en lugar de 25 por cada par de mapas y una ReLU más entre "
            "ambas. Ese cambio, kernels pequeños en fila en vez de uno grande, es lo que VGG enseñó a todos. Simonyan y "
            "Zisserman, «Very deep convolutional networks for large-scale image recognition», 2014 (arXiv:1409.1556)."
        ),
    ),
    "vgg16": (
        (
            "VGG-16, configuration D, second in the ImageNet contest of 2014 and for years the network from which others "
            "took their features: for style transfer, for detection, for measuring how alike two pictures look. Nothing "
            "in it is clever; it is 3×3 kernels, halving and doubling, thirteen convolutions deep. Its 138,357,544 "
            "parameters take half a gigabyte. Simonyan and Zisserman, “Very deep convolutional networks for large-scale "
            "image recognition”, 2014 (arXiv:1409.1556)."
        ),
        (
            "VGG-16, la configuración D, segunda en el concurso ImageNet de 2014 y durante años la red de la que otras "
            "tomaban sus características: para transferir estilos, para detectar objetos, para medir cuánto se parecen "
            "dos imágenes. No hay en ella nada ingenioso: kernels de 3×3, mitades y dobles, trece convoluciones. Sus "
            "138 357 544 parámetros ocupan medio gigabyte. Simonyan y Zisserman, «Very deep convolutional networks for "
            "large-scale image recognition», 2014 (arXiv:1409.1556)."
        ),
    ),
    "vgg19": (
        (
            "VGG-19, configuration E, the deepest of the paper: sixteen convolutions and three dense layers. It was hardly "
            "better than VGG-16: a plain chain had come to its end, since the gradient grows weak on its way back through "
            "so many layers. A year later residual networks went on from here. Simonyan and Zisserman, “Very deep "
            "convolutional networks for large-scale image recognition”, 2014 (arXiv:1409.1556)."
        ),
        (
            "VGG-19, la configuración E, la más profunda del artículo: dieciséis convoluciones y tres capas densas. "
            "Apenas mejoró a VGG-16: la cadena simple había llegado a su límite, porque el gradiente se debilita al "
            "volver por tantas capas. Un año después, las redes residuales siguieron desde aquí. Simonyan y Zisserman, "
            "«Very deep convolutional networks for large-scale image recognition», 2014 (arXiv:1409.1556)."
        ),
    ),
}
